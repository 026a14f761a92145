package architecture

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "draw the picture in docs/architecture.md anew")

const (
	document      = "../../docs/architecture.md"
	pictureBegins = "<!-- imports: drawn by make picture -->\n"
	pictureEnds   = "<!-- /imports -->\n"
)

// drawn are the top folders of the diagram. It omits dev, which may import everything, and the
// small packages of internal, which many packages import: they would hide the rest.
var drawn = []string{"apiserver", "workflows", "activities", "worker", "db", "web", "internal/order", "internal/workflowapi"}

// boxOf returns the box of the diagram that contains a folder: a top folder, or a folder directly
// below one.
func boxOf(folder string) (box string, found bool) {
	if below(folder, "apiserver/apitest") { // only tests import it
		return "", false
	}
	for _, top := range drawn {
		if !below(folder, top) {
			continue
		}
		if inner, deeper := strings.CutPrefix(folder, top+"/"); deeper && !strings.HasPrefix(top, "internal/") {
			name, _, _ := strings.Cut(inner, "/")
			return top + "/" + name, true
		}
		return top, true
	}
	return "", false
}

// boxes returns the graph of the diagram without arrows that follow from others.
func (g graph) boxes() graph {
	arrows := map[string]map[string]bool{}
	for folder, imports := range g {
		from, ok := boxOf(folder)
		if !ok {
			continue
		}
		if arrows[from] == nil {
			arrows[from] = map[string]bool{}
		}
		for _, imported := range imports {
			if to, ok := boxOf(imported); ok && to != from {
				arrows[from][to] = true
			}
		}
	}
	var leads func(from, to string) bool
	leads = func(from, to string) bool {
		for next := range arrows[from] {
			if next == to || leads(next, to) {
				return true
			}
		}
		return false
	}
	reduced := graph{}
	for from, targets := range arrows {
		reduced[from] = nil
		for to := range targets {
			around := false
			for next := range targets {
				around = around || next != to && leads(next, to)
			}
			if !around {
				reduced[from] = append(reduced[from], to)
			}
		}
		slices.Sort(reduced[from])
	}
	return reduced
}

// picture returns the diagram in Mermaid, which repository hosts render.
func (g graph) picture() string {
	var text strings.Builder
	text.WriteString("```mermaid\nflowchart TD\n")
	id := strings.NewReplacer("/", "_").Replace
	boxes := slices.Sorted(maps.Keys(g))
	for _, top := range drawn {
		inner := slices.DeleteFunc(slices.Clone(boxes), func(box string) bool { return !below(box, top) })
		if len(inner) == 1 {
			fmt.Fprintf(&text, "  %s[%s]\n", id(inner[0]), inner[0])
			continue
		}
		fmt.Fprintf(&text, "  subgraph %s_[%s]\n", id(top), top)
		for _, box := range inner {
			name := strings.TrimPrefix(box, top+"/")
			if box == top {
				name = top + " itself"
			}
			fmt.Fprintf(&text, "    %s[%s]\n", id(box), name)
		}
		text.WriteString("  end\n")
	}
	for _, from := range boxes {
		for _, to := range g[from] {
			fmt.Fprintf(&text, "  %s --> %s\n", id(from), id(to))
		}
	}
	text.WriteString("```\n")
	return text.String()
}

// The diagram shows the current imports.
func TestPictureShowsTheImports(t *testing.T) {
	text, err := os.ReadFile(document)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), pictureBegins)
	shown, after, ends := strings.Cut(rest, pictureEnds)
	require.True(t, begins && ends, "docs/architecture.md lacks the markers of the picture")
	picture := load(t).boxes().picture()
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(before+pictureBegins+picture+pictureEnds+after), 0o644))
		return
	}
	require.Equal(t, picture, shown, "the picture is outdated: run make picture")
}

func TestPictureOmitsTransitiveImports(t *testing.T) {
	require.Equal(t, graph{"worker": {"workflows"}, "workflows": {"db"}, "db": nil}, graph{
		"worker": {"workflows", "db", "internal/health"}, "workflows": {"db"}, "db": nil, "dev": {"db"}, "internal/health": nil,
	}.boxes())
}
