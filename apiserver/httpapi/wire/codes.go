package wire

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"epkr/internal/order"
	"epkr/internal/pdfa"
)

// DescribeCodes makes the registry describe each of the domain's code types by its values, so that clients know them all.
func DescribeCodes(r huma.Registry) {
	describe[order.Stage, stage](r)
	describe[order.Kind, messageKind](r)
	describe[order.Code, refusalCode](r)
	describe[order.Role, role](r)
	describe[order.WaitCode, waitCode](r)
	describe[order.DocumentKind, documentKind](r)
	describe[order.NoticeKind, noticeKind](r)
	describe[order.CustomerKind, customerKind](r)
	describe[order.Cause, cause](r)
	describe[order.Source, source](r)
	describe[order.Way, way](r)
	describe[order.Ground, ground](r)
	describe[pdfa.Code, pdfaCode](r)
}

func describe[Code ~string, Description huma.SchemaProvider](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[Code](), reflect.TypeFor[Description]())
}

// OneOf returns the schema of a text that is one of the codes.
func OneOf[Code ~string](codes []Code) *huma.Schema {
	values := make([]any, len(codes))
	for i, code := range codes {
		values[i] = string(code)
	}
	return &huma.Schema{Type: huma.TypeString, Enum: values}
}

// Each describes the type of the domain that bears its name.
type (
	stage        string
	messageKind  string
	refusalCode  string
	role         string
	waitCode     string
	documentKind string
	noticeKind   string
	customerKind string
	cause        string
	source       string
	way          string
	ground       string
	pdfaCode     string
)

func (stage) Schema(huma.Registry) *huma.Schema        { return OneOf(order.Stages()) }
func (messageKind) Schema(huma.Registry) *huma.Schema  { return OneOf(order.Kinds()) }
func (refusalCode) Schema(huma.Registry) *huma.Schema  { return OneOf(order.Codes()) }
func (role) Schema(huma.Registry) *huma.Schema         { return OneOf(order.Roles()) }
func (waitCode) Schema(huma.Registry) *huma.Schema     { return OneOf(order.WaitCodes()) }
func (documentKind) Schema(huma.Registry) *huma.Schema { return OneOf(order.DocumentKinds()) }
func (noticeKind) Schema(huma.Registry) *huma.Schema   { return OneOf(order.NoticeKinds()) }
func (customerKind) Schema(huma.Registry) *huma.Schema { return OneOf(order.CustomerKinds()) }
func (cause) Schema(huma.Registry) *huma.Schema        { return OneOf(order.Causes()) }
func (source) Schema(huma.Registry) *huma.Schema       { return OneOf(order.Sources()) }
func (way) Schema(huma.Registry) *huma.Schema          { return OneOf(order.Ways()) }
func (ground) Schema(huma.Registry) *huma.Schema       { return OneOf(order.Grounds()) }
func (pdfaCode) Schema(huma.Registry) *huma.Schema     { return OneOf(pdfa.Codes()) }

// MissingCode names a mandatory part of an engineer's profile.
type MissingCode string

// missingCodes are those of the SQL function missing_in_profile, in its order.
var missingCodes = []MissingCode{
	"regions", "email", "phone", "experience", "education", "works", "form", "employer", "ogrnip", "ogrnip-differs", "document", "document-former", "requisites", "employer-requisites",
}

// Schema lists the codes in the description of the API, for huma.
func (MissingCode) Schema(huma.Registry) *huma.Schema { return OneOf(missingCodes) }
