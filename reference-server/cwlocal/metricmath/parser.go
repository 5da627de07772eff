package metricmath

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]*$`)

// isQueryID reports whether a text may be the id of a query. The length is no part of the
// pattern, which would be 255 times as long.
func isQueryID(text string) bool { return len(text) <= 255 && queryID.MatchString(text) }

const (
	maxExpression = 2048 // bytes, CloudWatch's limit
	maxNesting    = 64
)

var token = regexp.MustCompile(
	`^(?:[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||==|!=|<=|>=|[-+*/^()<>,])`,
)

// parseExpression reads metric math; see expression for how much of it.
func parseExpression(source string) (named, error) {
	if len(source) > maxExpression {
		return named{}, fmt.Errorf("it is longer than %d characters", maxExpression)
	}
	tokens, err := splitTokens(source)
	if err != nil {
		return named{}, err
	}
	p := parser{tokens: tokens}
	e, err := p.parseInfix(0)
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("%q is not expected there", p.peek())
	}
	return named{e}, err
}

func splitTokens(source string) ([]string, error) {
	var tokens []string
	for rest := strings.TrimSpace(source); rest != ""; rest = strings.TrimSpace(rest) {
		t := token.FindString(rest)
		if t == "" {
			return nil, fmt.Errorf("%q is not supported by this local CloudWatch stand-in", rest)
		}
		tokens = append(tokens, t)
		rest = rest[len(t):]
	}
	return tokens, nil
}

type parser struct {
	tokens []string
	depth  int
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) expect(want string) error {
	if got := p.next(); got != want {
		return fmt.Errorf("%q is expected instead of %q", want, got)
	}
	return nil
}

// parseInfix parses operators of a rank and tighter ones. All of them associate to
// the left.
func (p *parser) parseInfix(rank int) (expression, error) {
	if rank == len(infix) {
		return p.parsePrefix()
	}
	left, err := p.parseInfix(rank + 1)
	for err == nil {
		f, ok := infix[rank][p.peek()]
		if !ok {
			break
		}
		p.next()
		var right expression
		if right, err = p.parseInfix(rank + 1); err == nil {
			left = arithmetic{f, left, right}
		}
	}
	return left, err
}

func (p *parser) parsePrefix() (expression, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, errors.New("it is nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.peek() != "-" {
		return p.parsePrimary()
	}
	p.next()
	e, err := p.parsePrefix()
	return arithmetic{func(x, y float64) float64 { return x - y }, number(0), e}, err
}

func (p *parser) parsePrimary() (expression, error) {
	t := p.next()
	switch {
	case t == "":
		return nil, errors.New("it ends too early")
	case t == "(":
		e, err := p.parseInfix(0)
		if err == nil {
			err = p.expect(")")
		}
		return e, err
	case t[0] == '.' || t[0] >= '0' && t[0] <= '9':
		v, err := strconv.ParseFloat(t, 64)
		return number(v), err
	case isQueryID(t) && p.peek() != "(":
		return variable(t), nil
	}
	return p.parseFunction(t)
}

func (p *parser) parseFunction(name string) (expression, error) {
	if p.peek() != "(" || name != "IF" && name != "FILL" {
		return nil, fmt.Errorf("%q is not supported by this local CloudWatch stand-in: it knows + - * / ^, comparisons, AND, OR, IF and "+
			"FILL", name)
	}
	args, err := p.parseArguments()
	if err != nil {
		return nil, err
	}
	switch {
	case name == "IF" && len(args) == 2:
		return conditional{args[0], args[1], nil}, nil
	case name == "IF" && len(args) == 3:
		return conditional{args[0], args[1], args[2]}, nil
	case name == "FILL" && len(args) == 2:
		if with, ok := readConstant(args[1]); ok {
			return fill{args[0], with}, nil
		}
	}
	return nil, fmt.Errorf("%s takes (condition, then[, else]) or, for FILL, (metric, number)", name)
}

// readConstant returns the value of an expression without metrics.
func readConstant(e expression) (float64, bool) {
	if len(named{e}.names()) > 0 {
		return 0, false
	}
	v := e.eval(&environment{})
	return v.scalar, v.isScalar
}

func (p *parser) parseArguments() ([]expression, error) {
	p.next() // the parenthesis
	var args []expression
	for {
		e, err := p.parseInfix(0)
		if err != nil {
			return nil, err
		}
		args = append(args, e)
		if p.peek() != "," {
			return args, p.expect(")")
		}
		p.next()
	}
}
