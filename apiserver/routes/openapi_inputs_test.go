package routes_test

import (
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/routes"
)

// codes are texts of requests that no person types: the platform compares them with known values.
var codes = map[string]bool{
	"give-consent.version": true, "publish.details.workKind": true, "amend.details.workKind": true,
	"create-saved-search.filters.region[0]": true, "create-saved-search.filters.workKind[0]": true,
	"change-saved-search.filters.region[0]": true, "change-saved-search.filters.workKind[0]": true,
}

// Every input field must have a format, a pattern or an enum, and a maximum length.
func TestEveryInputHasALimit(t *testing.T) {
	s, err := routes.BareServer()
	require.NoError(t, err)
	n := 0
	eachInput(s, func(op *huma.Operation, in, path string, schema *huma.Schema) {
		n++
		name := op.OperationID + "." + path
		switch schema.Type {
		case huma.TypeString:
			known := schema.Format != "" || schema.Pattern != "" || len(schema.Enum) > 0
			assert.True(t, known || in != "body" || codes[name], "%s is of no kind of text", name)
			fixed := len(schema.Enum) > 0 || schema.Format == "uuid" || schema.Format == "date" || strings.HasPrefix(schema.Pattern, "^[0-9a-f]{") || strings.HasPrefix(schema.Pattern, "^[0-9]{") || strings.HasPrefix(schema.Pattern, "^[A-Za-z0-9+/]{")
			assert.True(t, fixed || schema.MaxLength != nil, "%s has no maxLength", name)
		case huma.TypeInteger, huma.TypeNumber:
			assert.NotNil(t, schema.Minimum, "%s has no minimum", name)
			assert.NotNil(t, schema.Maximum, "%s has no maximum", name)
		case huma.TypeArray:
			assert.NotNil(t, schema.MaxItems, "%s has no maxItems", name)
			assert.True(t, schema.MinItems == nil || !schema.Nullable, "%s: null passes minItems", name)
		}
	})
	require.Greater(t, n, 200)
}

// eachInput visits every parameter and every member of a body.
func eachInput(s *httpapi.Server, visit func(op *huma.Operation, in, path string, schema *huma.Schema)) {
	schemas := s.OpenAPI().Components.Schemas
	var walk func(op *huma.Operation, in, path string, schema *huma.Schema)
	walk = func(op *huma.Operation, in, path string, schema *huma.Schema) {
		for schema.Ref != "" {
			schema = schemas.SchemaFromRef(schema.Ref)
		}
		visit(op, in, path, schema)
		for name, member := range schema.Properties {
			walk(op, in, memberPath(path, name), member)
		}
		if schema.Items != nil {
			walk(op, in, path+"[0]", schema.Items)
		}
	}
	for _, op := range operationsOf(s) {
		for _, p := range op.Parameters {
			walk(op, p.In, p.Name, p.Schema)
		}
		if hasJSON(op) {
			walk(op, "body", "", op.RequestBody.Content["application/json"].Schema)
		}
	}
}

func operationsOf(s *httpapi.Server) (all []*huma.Operation) {
	for _, item := range s.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

// memberPath returns the path of a member of the value at path.
func memberPath(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }
