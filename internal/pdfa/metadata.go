package pdfa

import (
	"strconv"

	"epkr/internal/pdfa/cos"
)

// metadata reads what the file claims to be, and checks its metadata (ISO 19005-1 clause 6.7,
// 19005-2 clause 6.6).
func (c *check) metadata() {
	s, isStream := c.file.Stream(c.catalog["Metadata"])
	if !isStream {
		c.fault(CodeNoClaim)
		return
	}
	c.stream(s)
	data, whole, err := c.file.Decode(s, maxXMP)
	if c.file.Err() != nil {
		return
	}
	if err != nil || !whole {
		c.fault(CodeMetadata)
		return
	}
	x, err := parseXMP(data)
	if err != nil {
		c.fault(CodeMetadata)
		return
	}
	c.claim(x)
	part := c.report.Part
	c.faultIf(x.declared, CodeMetadata)
	c.faultIf(part == 1 && len(c.file.Filters(s)) > 0, CodeMetadata)
	c.faultIf(c.file.Name(s.Dict["Type"]) != "Metadata" || c.file.Name(s.Dict["Subtype"]) != "XML", CodeMetadata)
	if part >= 1 && part <= 3 {
		c.describedSchemas(x)
	}
	if part == 1 {
		c.sameInfo(x)
	}
}

// levels are the levels of each part; part 4 has also none.
var levels = map[int]string{1: "AB", 2: "ABU", 3: "ABU", 4: "EF"}

// claim reads the part and the level that the file claims.
func (c *check) claim(x *xmp) {
	part, claimed := x.value(nsID, "part")
	if !claimed {
		c.fault(CodeNoClaim)
		return
	}
	level, hasLevel := x.value(nsID, "conformance")
	n, err := strconv.Atoi(part)
	if err != nil || levels[n] == "" {
		c.fault(CodeUnknownClaim)
		return
	}
	c.report.Part, c.report.Conformance = n, level
	if n == 4 && !hasLevel {
		_, hasYear := x.value(nsID, "rev")
		c.faultIf(!hasYear, CodeMetadata)
		return
	}
	for _, known := range levels[n] {
		if level == string(known) {
			return
		}
	}
	c.report.Part, c.report.Conformance = 0, ""
	c.fault(CodeUnknownClaim)
}

// predefined are the namespaces whose properties need no description (ISO 19005-1 clause 6.7.8, XMP
// of 2004 and 2005).
var predefined = map[string]bool{
	nsRDF: true, nsDC: true, nsXMP: true, nsPDF: true, nsID: true, nsExtension: true,
	"http://ns.adobe.com/xap/1.0/rights/":          true,
	"http://ns.adobe.com/xap/1.0/mm/":              true,
	"http://ns.adobe.com/xap/1.0/bj/":              true,
	"http://ns.adobe.com/xap/1.0/t/pg/":            true,
	"http://ns.adobe.com/xmp/1.0/DynamicMedia/":    true,
	"http://ns.adobe.com/photoshop/1.0/":           true,
	"http://ns.adobe.com/camera-raw-settings/1.0/": true,
	"http://ns.adobe.com/tiff/1.0/":                true,
	"http://ns.adobe.com/exif/1.0/":                true,
	"http://ns.adobe.com/exif/1.0/aux/":            true,
	"http://www.w3.org/XML/1998/namespace":         true,
}

// describedSchemas checks that properties of other namespaces are described (extension schemas).
func (c *check) describedSchemas(x *xmp) {
	for name := range x.values {
		c.faultIf(!predefined[name.Space] && !x.described[name.Space], CodeMetadataSchema)
	}
}

// sameInfo checks that the metadata repeat the document information (ISO 19005-1 clause 6.7.3).
func (c *check) sameInfo(x *xmp) {
	info := c.file.Dict(c.file.Trailer["Info"])
	for _, pair := range []struct {
		key          cos.Name
		space, local string
		same         func(info, xmp string) bool
	}{
		{"Title", nsDC, "title", sameText},
		{"Author", nsDC, "creator", sameText},
		{"Subject", nsDC, "description", sameText},
		{"Keywords", nsPDF, "Keywords", sameText},
		{"Creator", nsXMP, "CreatorTool", sameText},
		{"Producer", nsPDF, "Producer", sameText},
		{"CreationDate", nsXMP, "CreateDate", sameTime},
		{"ModDate", nsXMP, "ModifyDate", sameTime},
	} {
		text, has := c.file.Text(info[pair.key])
		if !has || text == "" {
			continue
		}
		value, _ := x.value(pair.space, pair.local)
		if !pair.same(decodeText(text), value) {
			c.found.add(CodeInfoDiffers, string(pair.key))
		}
	}
}
