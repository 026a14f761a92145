package architecture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// graph maps each folder with Go code to the folders that it imports, by their paths in the module.
type graph map[string][]string

// load returns the imports of the module's packages, without those of tests.
func load(t *testing.T) graph {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	g := graph{}
	for packages := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		folder := strings.TrimPrefix(p.ImportPath, module+"/")
		if below(folder, "web/node_modules") { // npm packages may contain Go files
			continue
		}
		g[folder] = nil
		for _, imported := range p.Imports {
			if path, own := strings.CutPrefix(imported, module+"/"); own {
				g[folder] = append(g[folder], path)
			}
		}
	}
	return g
}

// below reports whether folder is other or lies in it.
func below(folder, other string) bool { return folder == other || strings.HasPrefix(folder, other+"/") }

// roomOf returns the index of the deepest room that contains a folder.
func roomOf(folder string) (index int, found bool) {
	for i, r := range rooms {
		if below(folder, r.folder) && (!found || len(r.folder) > len(rooms[index].folder)) {
			index, found = i, true
		}
	}
	return index, found
}

// allows reports whether the table allows imports from one room to another.
func allows(from, to int) bool {
	return from == to || to < from && slices.ContainsFunc(rooms[from].imports, func(listed string) bool {
		parent, all := strings.CutSuffix(listed, "/...")
		if all {
			return rooms[to].folder != parent && below(rooms[to].folder, parent)
		}
		return rooms[to].folder == listed
	})
}

// forbidden returns the imports that the table does not allow.
func (g graph) forbidden() (faults []string) {
	for folder, imports := range g {
		from, found := roomOf(folder)
		if !found {
			faults = append(faults, folder+" is in no room of the table")
			continue
		}
		for _, imported := range imports {
			if to, found := roomOf(imported); !found || !allows(from, to) {
				faults = append(faults, fmt.Sprintf("%s must not import %s", folder, imported))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// cycles returns, for every folder, the import cycles among its children; the folder's own files
// count as one child. The test servers are excluded, because only tests import them.
func (g graph) cycles() (faults []string) {
	parents := map[string]bool{"": true}
	for folder := range g {
		for i, c := range folder {
			if c == '/' {
				parents[folder[:i]] = true
			}
		}
	}
	for parent := range parents {
		if circle := g.children(parent).cycle(); circle != nil {
			faults = append(faults, fmt.Sprintf("folders of %q import each other: %s", parent, strings.Join(circle, " → ")))
		}
	}
	slices.Sort(faults)
	return faults
}

// children returns the graph of the folders directly below a parent.
func (g graph) children(parent string) graph {
	child := func(folder string) (string, bool) {
		if parent != "" && !below(folder, parent) || below(folder, "internal/testenv") || below(folder, "apiserver/apitest") {
			return "", false
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(folder, parent), "/"), "/")
		return name, true
	}
	among := graph{}
	for folder, imports := range g {
		from, ok := child(folder)
		if !ok {
			continue
		}
		for _, imported := range imports {
			if to, ok := child(imported); ok && to != from {
				among[from] = append(among[from], to)
			}
		}
	}
	return among
}

// cycle returns one path from a folder back to itself; nil if there is none.
func (g graph) cycle() []string {
	done := map[string]bool{}
	var path []string
	var visit func(folder string) []string
	visit = func(folder string) []string {
		if i := slices.Index(path, folder); i >= 0 {
			return append(slices.Clone(path[i:]), folder)
		}
		if done[folder] {
			return nil
		}
		path = append(path, folder)
		for _, next := range g[folder] {
			if found := visit(next); found != nil {
				return found
			}
		}
		path = path[:len(path)-1]
		done[folder] = true
		return nil
	}
	for folder := range g {
		if found := visit(folder); found != nil {
			return found
		}
	}
	return nil
}

// The platform has only the imports of the table, and no folders import each other in a cycle.
func TestImportsRunOneWay(t *testing.T) {
	g := load(t)
	require.Contains(t, g["workflows/orders"], "internal/workflowapi", "the graph must contain the platform's imports")
	require.Empty(t, g.forbidden())
	require.Empty(t, g.cycles())
}

// A room imports only rooms above it in the table, so that the table allows no cycle.
func TestTableAllowsNoCycle(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms {
		require.False(t, seen[r.folder], "%s is listed twice", r.folder)
		for _, listed := range r.imports {
			if _, all := strings.CutSuffix(listed, "/..."); !all {
				require.True(t, seen[listed], "%s lists %s, which is not listed before it", r.folder, listed)
			}
		}
		seen[r.folder] = true
	}
}

// Imports upwards, between siblings and of the test servers are found, and so is a folder outside
// all rooms.
func TestForbiddenImportIsFound(t *testing.T) {
	for folder, imported := range map[string]string{
		"internal/workflowapi":    "db",
		"internal/order":          "internal/registry",
		"db":                      "internal/workflowapi",
		"activities/orders":       "activities/registry",
		"activities/files":        "workflows/files",
		"activities/failure":      "activities/orders",
		"workflows/orders":        "workflows/registry",
		"workflows/registry":      "activities/orders",
		"workflows/internal/x":    "activities/orders",
		"workflows/files":         "db",
		"worker":                  "apiserver/httpapi",
		"apiserver/httpapi":       "apiserver/auth",
		"apiserver/events":        "apiserver/orders",
		"apiserver/people":        "activities/orders",
		"apiserver/orders/search": "apiserver/files",
		"apiserver/moderation":    "apiserver/auth",
		"internal/storage/inner":  "internal/config",
		"web":                     "dev/demo",
		"apiserver":               "workflows",
		"activities/internal/any": "internal/testenv",
	} {
		require.Equal(t, []string{folder + " must not import " + imported}, graph{folder: {imported}}.forbidden())
	}
	require.Equal(t, []string{"tools/any is in no room of the table"}, graph{"tools/any": nil}.forbidden())
	require.Empty(t, graph{"apiserver/files": {"apiserver/orders", "apiserver/httpapi", "internal/workflowapi"}}.forbidden())
}

// Folders that import each other through different packages are a cycle at any depth, although Go
// accepts them.
func TestCycleOfFoldersIsFound(t *testing.T) {
	require.Equal(t, []string{`folders of "dev" import each other: a → b → a`}, rotated(graph{
		"dev/a/one": {"dev/b"}, "dev/b/two": {"dev/a"}, "dev/a": nil, "dev/b": nil,
	}.cycles()))
	require.Len(t, graph{"db/x": {"internal/order"}, "internal/y": {"db/z"}}.cycles(), 1)
	require.Empty(t, graph{"db": {"db/sqlcgen", "internal/order"}, "db/grown": {"db"}, "internal/testenv": {"db"}}.cycles())
}

// rotated lets a cycle of two begin with a.
func rotated(faults []string) []string {
	for i := range faults {
		faults[i] = strings.Replace(faults[i], "b → a → b", "a → b → a", 1)
	}
	return faults
}

// maxFiles is how many files a package of the API has at most, without tests.
const maxFiles = 15

// A package of the API that grows beyond maxFiles is more than one room.
func TestPackagesOfTheAPIStaySmall(t *testing.T) {
	files := map[string]int{}
	err := filepath.WalkDir("../../apiserver", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files[filepath.Dir(path)]++
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(files), maxFiles, "the packages of the API")
	for folder, n := range files {
		require.LessOrEqual(t, n, maxFiles, folder)
	}
}
