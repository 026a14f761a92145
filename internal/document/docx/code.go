package docx

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"epkr/internal/document"
)

const (
	quietZone    = 4 // light modules around a QR code (ISO/IEC 18004)
	modulePixels = 8
)

// code places the picture of a QR code, with its quiet zone.
func (b *body) code(c document.Code) {
	b.codes = append(b.codes, c)
	id, modules := len(b.codes), len(c.Modules)
	side := c.Side * emuPerMillimetre * (modules + 2*quietZone) / modules
	alt := escaped(c.Alt)
	b.open("BodyText", alignment(document.Left))
	fmt.Fprintf(&b.xml, `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[1]d"/>`+
		`<wp:docPr id="%[2]d" name="QR %[2]d" descr="%[3]s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic><pic:nvPicPr><pic:cNvPr id="%[2]d" name="code%[2]d.png" descr="%[3]s"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="picture%[2]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[1]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`+
		`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`, side, id, alt)
}

// pictures returns the pictures of the codes as parts of the package.
func pictures(codes []document.Code) (parts []part, err error) {
	for i, c := range codes {
		var b bytes.Buffer
		if err := png.Encode(&b, draw(c.Modules)); err != nil {
			return nil, err
		}
		parts = append(parts, part{fmt.Sprintf("word/media/code%d.png", i+1), b.String()})
	}
	return parts, nil
}

func draw(modules document.Modules) image.Image {
	side := (len(modules) + 2*quietZone) * modulePixels
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y, row := range modules {
		for x, dark := range row {
			if dark {
				fill(picture, (x+quietZone)*modulePixels, (y+quietZone)*modulePixels)
			}
		}
	}
	return picture
}

func fill(picture *image.Paletted, left, top int) {
	for y := top; y < top+modulePixels; y++ {
		for x := left; x < left+modulePixels; x++ {
			picture.SetColorIndex(x, y, 1)
		}
	}
}
