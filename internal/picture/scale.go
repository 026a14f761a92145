package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// scale returns the picture on white, reduced so that neither side is longer than side. Each pixel
// of the result is the average of those that it replaces. Besides the result it takes the memory of
// a few rows.
func scale(m image.Image, side int) *image.RGBA {
	from := m.Bounds()
	w, h := from.Dx(), from.Dy()
	dw, dh := w, h
	if longest := max(w, h); longest > side {
		dw, dh = max(1, w*side/longest), max(1, h*side/longest)
	}
	out := image.NewRGBA(image.Rect(0, 0, dw, dh))
	columns := make([]int, w) // the column of the result for each column, times four
	for x := range columns {
		columns[x] = x * dw / w * 4
	}
	sums, counts := make([]uint64, dw*4), make([]uint64, dw)
	for _, c := range columns {
		counts[c/4]++
	}
	white := image.NewUniform(color.White)
	for y := range dh {
		first, end := y*h/dh, (y+1)*h/dh
		band := image.NewRGBA(image.Rect(0, 0, w, end-first))
		draw.Draw(band, band.Rect, white, image.Point{}, draw.Src)
		draw.Draw(band, band.Rect, m, image.Pt(from.Min.X, from.Min.Y+first), draw.Over)
		clear(sums)
		for row := range end - first {
			pixels := band.Pix[row*band.Stride:]
			for x, c := range columns {
				sums[c] += uint64(pixels[x*4])
				sums[c+1] += uint64(pixels[x*4+1])
				sums[c+2] += uint64(pixels[x*4+2])
			}
		}
		for x := range dw {
			n, pixel := counts[x]*uint64(end-first), out.Pix[y*out.Stride+x*4:]
			pixel[0], pixel[1], pixel[2], pixel[3] = uint8(sums[x*4]/n), uint8(sums[x*4+1]/n), uint8(sums[x*4+2]/n), 0xff
		}
	}
	return out
}

// upright applies an EXIF orientation: 1 is upright, 2 mirrored, 3 upside down, 6 turned to the
// left, 8 to the right; 4, 5 and 7 are those mirrored.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, m.RGBAAt(origin(x, y, w, h, orientation)))
		}
	}
	return out
}

// origin returns where the pixel (x, y) of the upright picture is in the stored one of w × h.
func origin(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
