package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// The markers of a JPEG file that readJPEGHead looks for.
const (
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
	markerRST0 = 0xd0
	markerRST7 = 0xd7
)

// MaxScans is the maximum number of scans of a JPEG file. Decoding one scan of a progressive picture
// visits every block of it, however few bytes the scan has; encoders write about ten.
const MaxScans = 100

var (
	errNoJPEG       = errors.New("no JPEG")
	errTooManyScans = errors.New("the JPEG has too many scans")
)

// readJPEGHead reads the description of the picture, and counts the scans to the end of the picture.
func readJPEGHead(from io.Reader) (head, error) {
	r := bufio.NewReader(from)
	h, err := readSegments(r)
	if err != nil {
		return h, err
	}
	return h, countScans(r)
}

// countScans reads the markers after the frame as the decoder does: it passes over everything between
// two segments that is no marker. A truncated picture is left to the decoder.
func countScans(r *bufio.Reader) error {
	for scans := 0; scans <= MaxScans; {
		marker, err := findMarker(r)
		if err == nil && marker == markerEOI {
			return nil
		}
		if err == nil {
			_, err = readSegment(r)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		case marker == markerSOS:
			scans++
		}
	}
	return errTooManyScans
}

// findMarker reads up to the next marker that begins a segment or ends the picture. FF00 is a byte of
// a scan, and a restart marker belongs to a scan.
func findMarker(r *bufio.Reader) (byte, error) {
	for {
		_, err := r.ReadSlice(0xff)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		marker := byte(0xff)
		for marker == 0xff && err == nil {
			marker, err = r.ReadByte()
		}
		if err != nil {
			return 0, err //nolint:wrapcheck // read wraps it
		}
		if marker != 0 && (marker < markerRST0 || marker > markerRST7) {
			return marker, nil
		}
	}
}

// readSegments reads the segments up to the frame.
func readSegments(r *bufio.Reader) (head, error) {
	h := head{orientation: 1}
	if first, err := nextMarker(r); err != nil || first != markerSOI {
		return h, errors.Join(errNoJPEG, err)
	}
	for {
		marker, err := nextMarker(r)
		if err != nil {
			return h, err
		}
		if marker == markerSOS || marker == markerEOI {
			return h, errNoJPEG // a frame comes before its scan
		}
		segment, err := readSegment(r)
		if err != nil {
			return h, err
		}
		switch {
		case marker == markerAPP1:
			if o := exifOrientation(segment); o != 0 {
				h.orientation = o
			}
		case isFrame(marker) && len(segment) < 5:
			return h, errNoJPEG
		case isFrame(marker):
			h.height, h.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
			h.bytesPerPixel = 4
			if isProgressive(marker) { // the decoder holds all coefficients, four bytes each
				h.bytesPerPixel = 20
			}
			return h, nil
		}
	}
}

// isFrame reports whether a marker begins the description of the frame: SOF0 to SOF15 without DHT,
// JPG and DAC.
func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

func isProgressive(marker byte) bool { return marker&3 == 2 }

// nextMarker reads FF and the marker after it. FF may be repeated.
func nextMarker(r *bufio.Reader) (byte, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, err //nolint:wrapcheck // read wraps it
	}
	if first != 0xff {
		return 0, errNoJPEG
	}
	for {
		marker, err := r.ReadByte()
		if err != nil || marker != 0xff {
			return marker, err //nolint:wrapcheck // read wraps it
		}
	}
}

func readSegment(r *bufio.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err //nolint:wrapcheck // read wraps it
	}
	length := int(binary.BigEndian.Uint16(size[:])) - len(size)
	if length < 0 {
		return nil, errNoJPEG
	}
	segment := make([]byte, length) // at most 64 KB
	_, err := io.ReadFull(r, segment)
	return segment, err //nolint:wrapcheck // read wraps it
}

// orientationTag is the EXIF tag of the orientation, in the first directory.
const orientationTag = 0x0112

// exifOrientation returns the orientation in an APP1 segment, 0 if there is none.
func exifOrientation(segment []byte) int {
	tiff, found := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !found || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if value := int(order.Uint16(entries[8:])); order.Uint16(entries) == orientationTag && value >= 1 && value <= 8 {
			return value
		}
		entries = entries[12:]
	}
	return 0
}
