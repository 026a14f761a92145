package pdfa

import (
	"encoding/binary"
	"slices"

	"epkr/internal/pdfa/cos"
)

// colorModel is the signature of a colour space in an ICC profile: GRAY, "RGB ", CMYK, "Lab ".
type colorModel string

// components is how many numbers a colour of the model has.
var components = map[colorModel]int64{"GRAY": 1, "RGB ": 3, "CMYK": 4, "Lab ": 3}

// maxColorDepth limits the colour spaces inside each other.
const maxColorDepth = 8

// outputIntents checks the output intent and its profile (ISO 19005-1 clause 6.2.2).
func (c *check) outputIntents() {
	profiles := map[cos.Ref]bool{}
	for _, v := range c.file.Array(c.catalog["OutputIntents"]) {
		intent := c.file.Dict(v)
		if c.file.Name(intent["S"]) == "GTS_PDFA1" {
			c.intent = c.profile(intent["DestOutputProfile"], "prtr", "mntr")
		}
		if ref, isRef := intent["DestOutputProfile"].(cos.Ref); isRef {
			profiles[ref] = true
		}
		c.faultIf(intent["DestOutputProfileRef"] != nil, CodeExternalContent)
	}
	c.faultIf(c.intent == "", CodeNoOutputIntent)
	c.faultIf(len(profiles) > 1, CodeProfile)
}

// profile checks a profile of one of the classes by its header (ICC.1 clause 7.2), and returns its
// model.
func (c *check) profile(v cos.Value, classes ...string) colorModel {
	const headerSize = 128
	s, isStream := c.file.Stream(v)
	if !isStream {
		return ""
	}
	c.stream(s)
	head, _, err := c.file.Decode(s, headerSize)
	if c.file.Err() != nil {
		return ""
	}
	if err != nil || len(head) < headerSize {
		c.fault(CodeProfile)
		return "none"
	}
	newest := byte(4)
	if c.report.Part == 1 {
		newest = 2
	}
	model := colorModel(head[16:20])
	c.faultIf(string(head[36:40]) != "acsp" || head[8] > newest || binary.BigEndian.Uint32(head) < headerSize, CodeProfile)
	c.faultIf(!slices.Contains(classes, string(head[12:16])), CodeProfile)
	c.faultIf(components[model] == 0 || components[model] != c.file.Int(s.Dict["N"]), CodeProfile)
	return model
}

// colorSpace checks a colour space of a page or an image (ISO 19005-1 clause 6.2.3): the profiles in
// it, and whether colours of a device are those of the output intent.
func (c *check) colorSpace(v cos.Value, depth int) {
	v = c.file.Resolve(v)
	if name, isName := v.(cos.Name); isName {
		c.deviceColor(name)
		return
	}
	space := c.file.Array(v)
	if len(space) < 2 || depth == maxColorDepth {
		return
	}
	switch c.file.Name(space[0]) {
	case "ICCBased":
		c.once("profile", space[1], func(v cos.Value) { c.profile(v, "prtr", "mntr", "scnr", "spac") })
	case "Indexed", "Pattern":
		c.colorSpace(space[1], depth+1)
	case "Separation", "DeviceN":
		if len(space) > 2 {
			c.colorSpace(space[2], depth+1)
		}
	}
}

// deviceColor notes that the page uses colours of a device.
func (c *check) deviceColor(name cos.Name) {
	if used := c.devices[name]; used != nil {
		used.add(c.place())
	}
}

// deviceColors checks the colours of devices against the output intent. A default colour space of some
// page is taken for that of all.
func (c *check) deviceColors() {
	for _, device := range []struct {
		name, replaced cos.Name
		model          colorModel
	}{{"DeviceRGB", "DefaultRGB", "RGB "}, {"DeviceCMYK", "DefaultCMYK", "CMYK"}} {
		if c.intent == "" || c.intent == device.model || c.defaults[device.replaced] {
			continue
		}
		for _, place := range *c.devices[device.name] {
			c.found.add(CodeDeviceColor, place)
		}
	}
}
