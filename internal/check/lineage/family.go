package lineage

// A family is a tree of nodes whose root is any of them: each knows how much more its
// number is than that of another one which is nearer to the root. Two families are
// made one in constant time, and their numbers are found in almost that.

// find returns the root of a token's family, and the token's number.
func (n *Numbering) find(token int32) (root int32, number int64) {
	root = n.rootOf(token)
	if root == token {
		return root, n.base
	}
	return root, n.base + int64(n.nodes.at(token).off)
}

// rootOf returns the root of a token's family, of which the token then is a child.
func (n *Numbering) rootOf(token int32) int32 {
	up := n.nodes.at(token).up
	if up == noNode {
		return token
	}
	if n.nodes.at(up).up == noNode {
		return up
	}
	root, off := token, int32(0)
	for n.nodes.at(root).up != noNode {
		off += n.nodes.at(root).off
		root = n.nodes.at(root).up
	}
	for token != root {
		t := n.nodes.at(token)
		next, had := t.up, t.off
		t.up, t.off = root, off
		off -= had
		token = next
	}
	return root
}

// link notes that the update which made a token had named its parent. A second token
// from the same parent begins a family of its own: its parent has two successors.
func (n *Numbering) link(f *Record, token, parent int32) {
	t := n.nodes.at(token)
	if t.parent == parent {
		return
	}
	below, above := n.rootOf(token), n.rootOf(parent)
	if t.parent != noNode || below == above {
		if t.parent == noNode && t.marker != 0 {
			t.flags |= isCircle
		}
		n.spoil(f)
		return
	}
	t.parent = parent
	p := n.nodes.at(parent)
	if p.child != noNode && p.child != token {
		n.settle(below)
		return
	}
	p.child = token
	if n.nodes.at(below).flags&n.nodes.at(above).flags&isFinal != 0 {
		n.spoil(f) // both were judged
		return
	}
	_, low := n.find(parent)
	_, high := n.find(token)
	rise := int32(low + 1 - high) // by how much the numbers of token's family have to rise
	if n.nodes.at(below).flags&isFinal != 0 {
		below, above, rise = above, below, -rise
	}
	n.nodes.at(below).up, n.nodes.at(below).off = above, rise
	if n.nodes.at(above).flags&isFinal != 0 {
		n.release(below)
		return
	}
	n.waits[above] = append(n.waits[above], n.waits[below]...)
	delete(n.waits, below)
	if len(n.waits[above]) == 0 {
		delete(n.waits, above)
	}
}
