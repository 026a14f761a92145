package checks

import (
	"context"
	"testing"
	"time"

	"epkr/internal/signature"
)

// SetCheckTime changes the time that a check may take.
func SetCheckTime(t *testing.T, d time.Duration) {
	before := checkTime
	checkTime = d
	t.Cleanup(func() { checkTime = before })
}

// Judge checks a signature whose files have come.
func (s *Service) Judge(ctx context.Context, content, signed []byte) (signature.Result, error) {
	f := &files{document: &document{content: content}, kept: map[string][]byte{partSignature: signed}}
	return s.judge(ctx, f, func() {})
}
