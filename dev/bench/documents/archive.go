package documents

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/order"
	"epkr/internal/testenv/bomb"
)

// bomb measures the check of an uploaded PDF of a megabyte that is meant to take memory and time.
func (m *measurement) bomb(ctx context.Context, p *platform.Platform, o people.Script) error {
	const what = "PDF/A check of a bomb of 1 MB"
	spent, err := m.once(what, platform.Worker, p.Worker.PID(), func() error {
		_, err := o.Engineer.Upload(ctx, o.Order, "договор.pdf", "application/pdf", bomb.PDF())
		return err
	})
	m.section.Targets = append(m.section.Targets, report.AtMost(what+": CPU of "+platform.Worker, "%.2f s", spent.Seconds(), 1))
	return err
}

// archive measures the download of the archive of an order with results of a gigabyte.
func (m *measurement) archive(ctx context.Context, p *platform.Platform, o people.Script) error {
	files, size := 8, m.Either(128, 6)*megabyte
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content) // never fails
	delivery := order.ResultsDelivery{Way: order.ByFiles}
	for i := range files {
		m.Progressf("uploading file %d of %d", i+1, files)
		binary.LittleEndian.PutUint64(content, uint64(i)) // stored by its hash: each file is another one
		file, err := o.Engineer.Upload(ctx, o.Order, fmt.Sprintf("съёмка %d.zip", i+1), "application/zip", content)
		if err != nil {
			return err
		}
		delivery.Files = append(delivery.Files, file)
	}
	if err := o.Engineer.SendMessage(ctx, o.Order, order.SubmitResults, delivery, nil); err != nil {
		return err
	}
	var received int64
	began := time.Now()
	what := fmt.Sprintf("archive of %d MB", files*size/megabyte)
	_, err := m.once(what, platform.API, p.API.PID(), func() (err error) {
		received, err = download(ctx, o.Customer, "/api/orders/"+o.Order.String()+"/archive")
		return err
	})
	if err == nil && received < int64(files*size) {
		err = fmt.Errorf("the archive has %d bytes only", received)
	}
	m.Progressf("%s: %d MB in %.1f s", what, received/megabyte, time.Since(began).Seconds())
	return err
}

// download reads what a person gets, and returns its size.
func download(ctx context.Context, by people.Person, path string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, by.URL+path, http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("downloading: %w", err)
	}
	request.Header.Set("Cookie", "epkr_session="+by.Session)
	response, err := by.HTTP.Do(request)
	if err != nil {
		return 0, fmt.Errorf("downloading: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("downloading: it answered %d", response.StatusCode)
	}
	n, err := io.Copy(io.Discard, response.Body)
	if err != nil {
		return n, fmt.Errorf("downloading: %w", err)
	}
	return n, nil
}
