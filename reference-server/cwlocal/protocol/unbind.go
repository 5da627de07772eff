package protocol

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// unbindValue turns an answer into a tree. What is nil is left out; an empty list is
// sent, because CloudWatch sends it and clients tell the two apart.
func unbindValue(v reflect.Value) any {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return unbindValue(v.Elem())
	case reflect.Slice:
		return unbindList(v)
	case reflect.Map:
		return unbindMap(v)
	case reflect.Struct:
		return Unbind(v)
	case reflect.String:
		return v.String()
	case reflect.Int:
		return int(v.Int())
	}
	return v.Interface() // bool, float64
}

func Unbind(v reflect.Value) Object {
	tree := Object{}
	for i := range v.NumField() {
		if value := unbindValue(v.Field(i)); value != nil {
			tree = append(tree, member{v.Type().Field(i).Name, value})
		}
	}
	return tree
}

func unbindList(v reflect.Value) any {
	if v.IsNil() {
		return nil
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = unbindValue(v.Index(i))
	}
	return list
}

func unbindMap(v reflect.Value) any {
	m, ok := v.Interface().(map[string]float64)
	if !ok || m == nil {
		return nil
	}
	tree := dictionary{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		tree = append(tree, member{key, m[key]})
	}
	return tree
}
