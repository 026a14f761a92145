package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
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

// part matches a lettered part of a row, which counts for the row: R-OFFER-4d of R-OFFER-4.
var part = regexp.MustCompile(`^(.*\d)[a-z]$`)

// declarations reads every test below root.
func declarations(root string) (found []declaration, err error) {
	repository := os.DirFS(root)
	err = fs.WalkDir(repository, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case "node_modules", ".git", "dist", "bin", "testdata":
				return fs.SkipDir
			}
			return nil
		}
		read := readerOf(path)
		if read == nil {
			return nil
		}
		source, err := fs.ReadFile(repository, path)
		if err != nil {
			return err
		}
		more, err := read(path, string(source))
		found = append(found, more...)
		return err
	})
	return found, err
}

func readerOf(file string) func(name, source string) ([]declaration, error) {
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
func fromGo(name, source string) (found []declaration, err error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for node := range ast.Preorder(file) {
		call, ok := node.(*ast.CallExpr)
		if !ok || types.ExprString(call.Fun) != "acceptance.Covers" {
			continue
		}
		at := fmt.Sprintf("%s:%d", name, files.Position(call.Pos()).Line)
		for _, argument := range call.Args[1:] {
			id, err := strconv.Unquote(types.ExprString(argument))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", at, errNotLiteral)
			}
			found = append(found, declaration{id: id, at: at})
		}
	}
	return found, nil
}

var (
	// covers('R-CUST-4', 'S-12') of Playwright and covers: ['R-CUST-4'] of vitest.
	typeScript = regexp.MustCompile(`\bcovers(?:\([^)]*\)|: \[[^\]]*\])`)
	quoted     = regexp.MustCompile(`['"]([^'"]+)['"]`)
)

func fromTypeScript(name, source string) (found []declaration, err error) {
	for _, m := range typeScript.FindAllStringIndex(source, -1) {
		at := fmt.Sprintf("%s:%d", name, 1+strings.Count(source[:m[0]], "\n"))
		for _, id := range quoted.FindAllStringSubmatch(source[m[0]:m[1]], -1) {
			found = append(found, declaration{id: id[1], at: at})
		}
	}
	return found, nil
}
