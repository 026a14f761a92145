package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// declaration is a requirement id that a test declares with Covers.
type declaration struct {
	id string
	// at is the file and the line.
	at string
}

// part matches a lettered part of a row: R-OFFER-4d of R-OFFER-4.
var part = regexp.MustCompile(`^(.*\d)[a-z]$`)

// rowAmong returns the id of the declared row; a part of a row counts for the row.
func (d declaration) rowAmong(known map[string]bool) string {
	if m := part.FindStringSubmatch(d.id); m != nil && !known[d.id] {
		return m[1]
	}
	return d.id
}

// declarations reads every test below root.
func declarations(root string) ([]declaration, error) {
	var found []declaration
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case "node_modules", ".git", "dist", "bin", "testdata":
				return filepath.SkipDir
			}
			return nil
		}
		read := readerOf(entry.Name())
		if read == nil {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading a test: %w", err)
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		more, err := read(name, source)
		found = append(found, more...)
		return err
	})
	return found, err
}

func readerOf(file string) func(string, []byte) ([]declaration, error) {
	switch {
	case strings.HasSuffix(file, "_test.go"):
		return fromGo
	case strings.HasSuffix(file, ".spec.ts"), strings.HasSuffix(file, ".test.ts"), strings.HasSuffix(file, ".test.tsx"):
		return fromTypeScript
	}
	return nil
}

var errNotLiteral = errors.New("acceptance.Covers takes string literals")

// fromGo returns the arguments of the calls of acceptance.Covers.
func fromGo(name string, source []byte) ([]declaration, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parsing a test: %w", err)
	}
	var found []declaration
	for node := range ast.Preorder(file) {
		call, ok := node.(*ast.CallExpr)
		if !ok || !isCovers(call.Fun) || len(call.Args) == 0 {
			continue
		}
		at := files.Position(call.Pos())
		for _, argument := range call.Args[1:] {
			literal, ok := argument.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return nil, fmt.Errorf("%s:%d: %w", name, at.Line, errNotLiteral)
			}
			id, err := strconv.Unquote(literal.Value)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, at.Line, err)
			}
			found = append(found, declaration{id: id, at: fmt.Sprintf("%s:%d", name, at.Line)})
		}
	}
	return found, nil
}

func isCovers(function ast.Expr) bool {
	selector, ok := function.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Covers" {
		return false
	}
	of, ok := selector.X.(*ast.Ident)
	return ok && of.Name == "acceptance"
}

var (
	// covers('R-CUST-4', 'S-12') of Playwright and covers: ['R-CUST-4'] of vitest.
	typeScript = regexp.MustCompile(`\bcovers(?:\(([^)]*)\)|: \[([^\]]*)\])`)
	quoted     = regexp.MustCompile(`['"]([^'"]+)['"]`)
)

func fromTypeScript(name string, source []byte) ([]declaration, error) {
	var found []declaration
	text := string(source)
	for _, m := range typeScript.FindAllStringSubmatchIndex(text, -1) {
		line := 1 + strings.Count(text[:m[0]], "\n")
		for _, id := range quoted.FindAllStringSubmatch(text[m[0]:m[1]], -1) {
			found = append(found, declaration{id: id[1], at: fmt.Sprintf("%s:%d", name, line)})
		}
	}
	return found, nil
}
