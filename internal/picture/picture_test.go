package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

// secret stands in the metadata of the pictures.
const secret = "place-device-author"

// corners returns a picture whose corners have four colours.
func corners(w, h int) *image.NRGBA64 {
	m := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, cornerColours[y*2/h*2+x*2/w])
		}
	}
	return m
}

var cornerColours = []color.NRGBA{{R: 255, A: 255}, {G: 255, A: 255}, {B: 255, A: 255}, {A: 255}}

func encoded(t testing.TB, encode func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, encode(&out))
	return out.Bytes()
}

func jpegOf(t testing.TB, m image.Image) []byte {
	return encoded(t, func(w io.Writer) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 100}) })
}

func pngOf(t testing.TB, m image.Image) []byte {
	return encoded(t, func(w io.Writer) error { return png.Encode(w, m) })
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return content
}

// withSegment inserts a segment after the beginning of a JPEG file.
func withSegment(content []byte, marker byte, data []byte) []byte {
	segment := append([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(data)+2))...)
	return slices.Concat(content[:2], segment, data, content[2:])
}

// exif returns the data of a segment with an orientation, in the byte order, and the secret.
func exif(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	data := append([]byte("Exif\x00\x00"), mark...)
	data = order.AppendUint32(order.AppendUint16(data, 42), 8)
	data = order.AppendUint16(data, 1)
	data = order.AppendUint32(order.AppendUint16(order.AppendUint16(data, orientationTag), 3), 1)
	data = order.AppendUint16(order.AppendUint16(data, orientation), 0)
	return append(data, secret...)
}

// withText inserts a text chunk with the secret after the header of a PNG file.
func withText(content []byte) []byte {
	chunk := []byte("tEXt" + secret)
	return slices.Concat(content[:33], binary.BigEndian.AppendUint32(nil, uint32(len(secret))), chunk,
		binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)), content[33:])
}

// withScans repeats the first scan of a progressive JPEG file so many times.
func withScans(t testing.TB, content []byte, more int) []byte {
	t.Helper()
	first := bytes.Index(content, []byte{0xff, markerSOS})
	require.Positive(t, first)
	end := first + 2
	for content[end] != 0xff || content[end+1] == 0 {
		end++
	}
	return slices.Concat(content[:end], bytes.Repeat(content[first:end], more), content[end:])
}

func of(content []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

// shown checks that the results are JPEG files of the sizes with nothing but pixels, and returns the
// larger one.
func shown(t *testing.T, s Shown, width, height int) image.Image {
	t.Helper()
	for _, out := range [][]byte{s.Full, s.Thumbnail} {
		require.NotContains(t, string(out), secret)
		for at := 2; out[at+1] != markerSOS; at += 2 + int(binary.BigEndian.Uint16(out[at+2:])) {
			require.Contains(t, []byte{0xdb, 0xc0, 0xc4}, out[at+1], "only tables and the frame stand before the scan")
		}
		require.Equal(t, len(out)-2, bytes.LastIndex(out, []byte{0xff, markerEOI}), "nothing follows the picture")
	}
	full, err := jpeg.Decode(bytes.NewReader(s.Full))
	require.NoError(t, err)
	require.Equal(t, image.Pt(width, height), full.Bounds().Size())
	small, err := jpeg.Decode(bytes.NewReader(s.Thumbnail))
	require.NoError(t, err)
	require.LessOrEqual(t, max(small.Bounds().Dx(), small.Bounds().Dy()), ThumbnailSide)
	return full
}

func TestPicturesAreEncodedAnew(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	colours := corners(32, 32)
	translucent := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for _, one := range []struct {
		name, contentType string
		content           []byte
		width, height     int
	}{
		{"JPEG", JPEG, withSegment(jpegOf(t, colours), 0xfe, []byte(secret)), 32, 32},
		{"progressive JPEG", JPEG, withSegment(fixture(t, "progressive.jpeg"), markerAPP1, []byte(secret)), 150, 103},
		{"CMYK JPEG", JPEG, withSegment(fixture(t, "cmyk.jpeg"), markerAPP1, []byte(secret)), 150, 103},
		{"scan markers in metadata", JPEG, withSegment(jpegOf(t, colours), 0xef, bytes.Repeat([]byte{0xff, markerSOS, 0, 2}, 2*MaxScans)), 32, 32},
		{"many scans, but not too many", JPEG, withScans(t, fixture(t, "progressive.jpeg"), 50), 150, 103},
		{"a PDF after the picture", JPEG, append(jpegOf(t, colours), "%PDF-1.7\n"+secret...), 32, 32},
		{"a JPEG after the picture", JPEG, slices.Concat(jpegOf(t, colours), withScans(t, fixture(t, "progressive.jpeg"), 2*MaxScans)), 32, 32},
		{"PNG of 16 bits", PNG, withText(pngOf(t, colours)), 32, 32},
		{"interlaced PNG", PNG, fixture(t, "interlaced.png"), 31, 31},
		{"translucent PNG", PNG, pngOf(t, translucent), 8, 8},
		{"a PDF after the PNG", PNG, append(pngOf(t, colours), "%PDF-1.7\n"+secret...), 32, 32},
		{"very wide", PNG, pngOf(t, image.NewGray(image.Rect(0, 0, 20_000, 1))), FullSide, 1},
		{"very high", PNG, pngOf(t, image.NewGray(image.Rect(0, 0, 2, 20_000))), 1, FullSide},
		{"a single pixel", JPEG, jpegOf(t, image.NewGray(image.Rect(0, 0, 1, 1))), 1, 1},
	} {
		t.Run(one.name, func(t *testing.T) {
			s, err := Make(t.Context(), one.contentType, of(one.content))
			require.NoError(t, err)
			shown(t, s, one.width, one.height)
		})
	}
}

func TestOrientationsAreApplied(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	// The colours of cornerColours that the upright picture has, row by row.
	upright := map[uint16][4]int{1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1}, 5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2}}
	for orientation, want := range upright {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			t.Run(fmt.Sprint(orientation, mark), func(t *testing.T) {
				content := withSegment(jpegOf(t, corners(64, 32)), markerAPP1, exif(order, mark, orientation))
				s, err := Make(t.Context(), JPEG, of(content))
				require.NoError(t, err)
				w, h := 64, 32
				if orientation >= 5 {
					w, h = h, w
				}
				full := shown(t, s, w, h)
				for i, colour := range want {
					r, g, b, _ := full.At(w/4+i%2*w/2, h/4+i/2*h/2).RGBA()
					c := cornerColours[colour]
					require.InDelta(t, c.R, r>>8, 12)
					require.InDelta(t, c.G, g>>8, 12)
					require.InDelta(t, c.B, b>>8, 12)
				}
			})
		}
	}
}

func TestHostilePicturesAreRefused(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	whole, progressive := jpegOf(t, corners(32, 32)), fixture(t, "progressive.jpeg")
	wide := bytes.Clone(whole)
	frame := bytes.Index(wide, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(wide[frame+5:], 0xffffffff) // height and width
	for _, one := range []struct {
		name, contentType string
		content           []byte
		want              error
	}{
		{"too many scans", JPEG, withScans(t, progressive, 2*MaxScans), ErrUnreadable},
		{"too many scans without an end", JPEG, bytes.TrimSuffix(withScans(t, progressive, 2*MaxScans), []byte{0xff, markerEOI}), ErrUnreadable},
		{"too many pixels", JPEG, wide, ErrTooLarge},
		{"truncated JPEG", JPEG, whole[:len(whole)/2], ErrUnreadable},
		{"truncated before the frame", JPEG, whole[:4], ErrUnreadable},
		{"truncated PNG", PNG, pngOf(t, corners(32, 32))[:60], ErrUnreadable},
		{"a PDF before the picture", JPEG, append([]byte("%PDF-1.7\n"), whole...), ErrUnreadable},
		{"a PNG called JPEG", JPEG, pngOf(t, corners(2, 2)), ErrUnreadable},
		{"nothing", PNG, nil, ErrUnreadable},
	} {
		t.Run(one.name, func(t *testing.T) {
			_, err := Make(t.Context(), one.contentType, of(one.content))
			require.ErrorIs(t, err, one.want)
		})
	}
}

// The refusal of a slow picture does not depend on its source: an error of the source, or the end of
// the caller, refuses no picture.
func TestDecodingEnds(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	content := jpegOf(t, corners(32, 32))
	_, err := makeWithin(t.Context(), time.Nanosecond, JPEG, of(content))
	require.ErrorIs(t, err, ErrTooSlow)
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = Make(ended, JPEG, of(content))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrUnreadable)
	broken := errors.New("the storage does not answer")
	_, err = Make(t.Context(), JPEG, func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(content[:200]), failing{broken})), nil
	})
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, ErrUnreadable)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
