// Package picture makes pictures that may be shown to others from pictures that people upload: it
// encodes them anew, so that no metadata (place, device, author) and nothing but pixels remains,
// turns them upright and reduces them.
//
// Its input is hostile. It reads the size of a picture before it decodes it, and refuses one whose
// pixels would take more than [Budget], whose scans are more than [MaxScans], or whose decoding takes
// longer than [TimeLimit].
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"time"
)

const (
	// Budget is the maximum memory of a decoded picture, in bytes.
	Budget = 256 << 20
	// TimeLimit is the maximum time for decoding a picture, without the time in which its source is
	// read. Decoding ends at the next read.
	TimeLimit = time.Minute
	// FullSide is the maximum width and height of the larger result, in pixels.
	FullSide = 1920
	// ThumbnailSide is that of the smaller one.
	ThumbnailSide = 320
	// The quality of the results, of 100.
	fullQuality, thumbnailQuality = 88, 82
)

// The content types of the pictures that the package reads. It writes JPEG.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

var (
	// ErrTooLarge means that the decoded picture would exceed [Budget]. A retry does not help.
	ErrTooLarge = errors.New("the picture has too many pixels")
	// ErrTooSlow means that decoding took longer than [TimeLimit].
	ErrTooSlow = errors.New("decoding the picture takes too long")
	// ErrUnreadable means that the content is no picture of the type, or is damaged.
	ErrUnreadable = errors.New("the picture cannot be decoded")
)

// Shown are the two forms of a picture in which it is shown, both JPEG without metadata.
type Shown struct {
	Full, Thumbnail []byte
}

// IsPicture reports whether [Make] reads the content type.
func IsPicture(contentType string) bool { return contentType == JPEG || contentType == PNG }

// Make reads a picture of a content type for which [IsPicture] is true. It calls open twice, for
// the size and for the pixels. The error is ErrTooLarge, ErrTooSlow, ErrUnreadable, or one of ctx, of
// open or of its reader.
func Make(ctx context.Context, contentType string, open func() (io.ReadCloser, error)) (Shown, error) {
	return makeWithin(ctx, TimeLimit, contentType, open)
}

func makeWithin(ctx context.Context, limit time.Duration, contentType string, open func() (io.ReadCloser, error)) (Shown, error) {
	var h head
	left := limit
	err := read(ctx, &left, open, func(r io.Reader) (err error) {
		h, err = readHead(contentType, r)
		return err
	})
	if err != nil {
		return Shown{}, err
	}
	if h.width <= 0 || h.height <= 0 || int64(h.width)*int64(h.height) > Budget/int64(h.bytesPerPixel) {
		return Shown{}, ErrTooLarge
	}
	var decoded image.Image
	err = read(ctx, &left, open, func(r io.Reader) (err error) {
		decoded, err = decode(contentType, r)
		return err
	})
	if err != nil {
		return Shown{}, err
	}
	full := upright(scale(decoded, FullSide), h.orientation)
	var out Shown
	if out.Full, err = encode(full, fullQuality); err != nil {
		return Shown{}, err
	}
	out.Thumbnail, err = encode(scale(full, ThumbnailSide), thumbnailQuality)
	return out, err
}

func decode(contentType string, r io.Reader) (image.Image, error) {
	if contentType == PNG {
		return png.Decode(r) //nolint:wrapcheck // read wraps it
	}
	return jpeg.Decode(r) //nolint:wrapcheck // read wraps it
}

func encode(m image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding a picture: %w", err)
	}
	return out.Bytes(), nil
}

// read distinguishes a source that cannot be read from a content that is no picture. It takes the
// time that use needs from left.
func read(ctx context.Context, left *time.Duration, open func() (io.ReadCloser, error), use func(io.Reader) error) error {
	content, err := open()
	if err != nil {
		return err
	}
	defer content.Close()
	source := &source{ctx: ctx, from: content, left: left, since: time.Now()}
	switch err := use(source); {
	case err == nil:
		return nil
	case source.err != nil:
		return fmt.Errorf("reading a picture: %w", source.err)
	case errors.Is(err, ErrTooLarge):
		return err
	default:
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
}

// source reads a picture until its context ends or its reader has used up its time. It remembers why
// reading failed.
type source struct {
	ctx  context.Context //nolint:containedctx // a Reader has no other way to end
	from io.Reader
	err  error
	// left is the time that the reader may still take between two reads; since is when the last read
	// ended.
	left  *time.Duration
	since time.Time
}

func (s *source) Read(p []byte) (int, error) {
	if *s.left -= time.Since(s.since); *s.left < 0 {
		s.err = ErrTooSlow
		return 0, s.err
	}
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err //nolint:wrapcheck // read wraps it
	}
	n, err := s.from.Read(p)
	s.since = time.Now()
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// head is what is known of a picture before its pixels are decoded.
type head struct {
	width, height int
	// bytesPerPixel is what decoding takes for one pixel at most.
	bytesPerPixel int
	// orientation is the EXIF orientation, 1 to 8; 1 is upright.
	orientation int
}

func readHead(contentType string, r io.Reader) (head, error) {
	if contentType != PNG {
		return readJPEGHead(r)
	}
	c, err := png.DecodeConfig(r)
	if err != nil {
		return head{}, err //nolint:wrapcheck // read wraps it
	}
	h := head{width: c.Width, height: c.Height, bytesPerPixel: 8, orientation: 1} // an interlaced picture is held twice
	switch c.ColorModel {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		h.bytesPerPixel = 16
	}
	return h, nil
}
