package files_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	fileactivities "epkr/activities/files"
	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/profiles"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// photoWithPlace returns a JPEG of w × h whose left half is red and right half blue, with EXIF: the
// orientation and the place where it was taken.
func photoWithPlace(t *testing.T, w, h int, orientation byte) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, map[bool]color.Color{true: color.RGBA{200, 0, 0, 255}, false: color.RGBA{0, 0, 200, 255}}[x < w/2])
		}
	}
	var plain bytes.Buffer
	require.NoError(t, jpeg.Encode(&plain, m, nil))
	exif := append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00"), orientation, 0, 0, 0)
	exif = append(exif, []byte("\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00GPS 55.7558N 37.6173E")...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), plain.Bytes()[2:]...)
}

// bomb returns a small PNG that would decode to w × h pixels.
func bomb(w, h uint32) []byte {
	chunk := func(name string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		out = append(append(out, name...), data...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h), 8, 6, 0, 0, 0)
	return append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...), chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})...)
}

func download(t *testing.T, a apitest.Answer) []byte {
	t.Helper()
	require.Equal(t, http.StatusFound, a.Status, a.Text())
	response, err := http.Get(a.Header.Get("Location"))
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return content
}

// nameFiles saves the profile with these files, besides what it contains.
func nameFiles(b *apitest.Browser, change func(*profiles.ProfileForm)) apitest.Answer {
	b.Platform.T.Helper()
	var own profiles.OwnProfile
	b.Do(http.MethodGet, "/api/engineer/profile", nil).OK().Into(&own)
	form := profiles.ProfileForm{Version: own.Version, ProfileText: own.ProfileText, Works: own.Works, Regions: []string{"77", "50"}, Diplomas: []profiles.NamedFile{}, Samples: []profiles.NamedFile{}}
	change(&form)
	return b.Do(http.MethodPut, "/api/engineer/profile", form)
}

func engineerPath(p *apitest.Platform, login string) string {
	return "/api/engineers/" + p.EngineerID(login)
}

// A photo is shown upright, reduced and without the place where it was taken, to its owner too.
func TestPhotoIsShownWithoutMetadata(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	original := photoWithPlace(t, 2400, 1200, 6)
	photo := engineer.UploadToProfile("photo", "я.jpg", original, "stored")
	require.Equal(t, http.StatusNotFound, customer.Do(http.MethodGet, engineerPath(p, synthetic.LoginEngineerMoscow)+"/photo", nil).Status, "no photo is named yet")
	nameFiles(engineer, func(f *profiles.ProfileForm) { f.Photo = &photo.ID }).OK()
	for _, a := range []apitest.Answer{
		engineer.Do(http.MethodGet, apitest.ProfileFiles+"/"+photo.ID.String()+"/content", nil),
		customer.Do(http.MethodGet, engineerPath(p, synthetic.LoginEngineerMoscow)+"/photo", nil),
		customer.Do(http.MethodGet, engineerPath(p, synthetic.LoginEngineerMoscow)+"/files/"+photo.ID.String(), nil),
	} {
		content := download(t, a)
		require.NotContains(t, string(content), "GPS")
		require.NotContains(t, string(content), "Exif")
		shown, kind, err := image.Decode(bytes.NewReader(content))
		require.NoError(t, err)
		require.Equal(t, "jpeg", kind)
		require.Equal(t, image.Pt(960, 1920), shown.Bounds().Size(), "turned and reduced")
		top, _, _, _ := shown.At(480, 100).RGBA()
		bottom, _, _, _ := shown.At(480, 1800).RGBA()
		require.Greater(t, top, bottom, "the left of the stored picture is the top of the shown one")
	}
	small, _, err := image.DecodeConfig(bytes.NewReader(download(t, customer.Do(http.MethodGet, engineerPath(p, synthetic.LoginEngineerMoscow)+"/photo?size=thumbnail", nil))))
	require.NoError(t, err)
	require.Equal(t, 320, small.Height)
}

// The content decides what a file is, not its name or its declared type. Bombs and damaged pictures
// are rejected, each with its reason.
func TestProfileTakesOnlyPicturesAndPDF(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	p := apitest.Start(t)
	p.StartWorker()
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	for name, content := range map[string][]byte{
		"страница.jpg":  []byte("<!doctype html><script>alert(1)</script>"),
		"программа.pdf": []byte("MZ\x90\x00\x03"),
	} {
		require.Contains(t, engineer.UploadToProfile("diploma", name, content, "rejected").Problem, "не снимок")
	}
	require.Contains(t, engineer.UploadToProfile("sample", "бомба.png", bomb(60_000, 60_000), "rejected").Problem, "точек")
	require.Contains(t, engineer.UploadToProfile("sample", "обрыв.png", bomb(10, 10), "rejected").Problem, "повреждён")
	require.Zero(t, apitest.Value[int](p, `select count(*) from files where status = 'rejected' and picture_sha256 <> ''`))

	paper := engineer.UploadToProfile("photo", "фото.jpg", apitest.PDF("не фото"), "stored")
	refused := nameFiles(engineer, func(f *profiles.ProfileForm) { f.Photo = &paper.ID }).Problem()
	require.Equal(t, []string{"photo"}, apitest.Fields(refused))
	nameFiles(engineer, func(f *profiles.ProfileForm) {
		f.Diplomas = []profiles.NamedFile{{File: paper.ID, Title: "Диплом"}}
	}).OK()

	declare := func(size int, kind string) apitest.Answer {
		return engineer.Do(http.MethodPost, apitest.ProfileFiles, apitest.Object{"name": "a", "size": size, "sha256": apitest.HexSum(nil), "type": kind, "purpose": "photo"})
	}
	require.Equal(t, []string{"file"}, apitest.Fields(declare(11<<20, "image/jpeg").Problem()))
	require.Equal(t, []string{"file"}, apitest.Fields(declare(1, "application/pdf").Problem()))
	declare(1, "image/png").OK()
}

// The document that proves the form of work is seen by its owner, the employer and moderators; a
// file that the profile does not name by its owner only.
func TestProfileDocumentIsPrivate(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-8")
	p := apitest.Start(t)
	customer, other := apitest.StartPair(p)
	engineer, employer := p.Engineer(synthetic.LoginEmployeeFirst), p.Employer(synthetic.LoginEmployerHead)
	document := engineer.UploadToProfile("document", "договор.pdf", apitest.PDF("трудовой договор"), "stored")
	diploma := engineer.UploadToProfile("diploma", "диплом.pdf", apitest.PDF("диплом"), "stored")
	loose := engineer.UploadToProfile("diploma", "черновик.pdf", apitest.PDF("черновик"), "stored")
	nameFiles(engineer, func(f *profiles.ProfileForm) { f.Diplomas = []profiles.NamedFile{{File: diploma.ID}} }).OK()
	var own profiles.OwnProfile
	engineer.Do(http.MethodGet, "/api/engineer/profile", nil).OK().Into(&own)
	engineer.Do(http.MethodPut, "/api/engineer/profile/form", profiles.WorkForm{
		Version: own.FormVersion, Form: "employee", DocumentName: "Трудовой договор", DocumentNumber: "1", DocumentDate: "2020-01-01", Documents: []profiles.NamedFile{{File: document.ID}},
	}).OK()
	at := engineerPath(p, synthetic.LoginEmployeeFirst) + "/files/"
	for _, one := range []struct {
		who                      *apitest.Browser
		document, diploma, loose bool
	}{
		{customer, false, true, false},
		{other, false, true, false},
		{employer, true, true, false},
		{p.Moderator(), true, true, false},
	} {
		for id, sees := range map[uuid.UUID]bool{document.ID: one.document, diploma.ID: one.diploma, loose.ID: one.loose} {
			a := one.who.Do(http.MethodGet, at+id.String(), nil)
			require.Equal(t, map[bool]int{true: http.StatusFound, false: http.StatusNotFound}[sees], a.Status, a.Text())
		}
	}
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = 'data-opened' and role = 'employer' and details ->> 'operation' = 'get-engineer-file'`))
	require.Equal(t, problems.FileNotFound, other.Do(http.MethodGet, apitest.ProfileFiles+"/"+diploma.ID.String(), nil).Problem().Code, "another engineer's file is in no own profile")

	p.Exec(`update engineers set blocked = true where id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst))
	require.Equal(t, http.StatusNotFound, customer.Do(http.MethodGet, at+diploma.ID.String(), nil).Status, "he is not listed any more")
	require.Equal(t, http.StatusFound, employer.Do(http.MethodGet, at+diploma.ID.String(), nil).Status)
}

// A common order lets its customer see an engineer who is not listed.
func TestCommonOrderShowsAnUnlistedEngineer(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	stranger := p.Customer(synthetic.LoginSecondCustomer)
	photo := engineer.UploadToProfile("photo", "я.jpg", photoWithPlace(t, 40, 20, 1), "stored")
	nameFiles(engineer, func(f *profiles.ProfileForm) { f.Photo = &photo.ID }).OK()
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	p.Exec(`update engineers set blocked = true where id = $1`, p.EngineerID(synthetic.LoginEngineerMoscow))
	at := engineerPath(p, synthetic.LoginEngineerMoscow) + "/photo"
	require.Equal(t, http.StatusFound, customer.Do(http.MethodGet, at, nil).Status)
	require.Equal(t, problems.FileNotFound, stranger.Do(http.MethodGet, at, nil).Problem().Code)
}

// A file of a profile stays as long as the profile names it. Otherwise its owner or the sweep
// removes it, with its pictures unless another file has them.
func TestProfileFilesAreRemovedOnlyWhenUnnamed(t *testing.T) {
	acceptance.Covers(t, "R-GEN-8")
	p := apitest.Start(t)
	p.StartWorker()
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	picture := photoWithPlace(t, 60, 40, 1)
	first, same := engineer.UploadToProfile("sample", "а.jpg", picture, "stored"), engineer.UploadToProfile("sample", "б.jpg", picture, "stored")
	left := engineer.UploadToProfile("sample", "в.pdf", apitest.PDF("в"), "stored")
	nameFiles(engineer, func(f *profiles.ProfileForm) { f.Samples = []profiles.NamedFile{{File: first.ID, Title: "а"}} }).OK()
	remove := func(f files.File) apitest.Answer {
		return engineer.Do(http.MethodDelete, apitest.ProfileFiles+"/"+f.ID.String(), nil)
	}
	require.Equal(t, problems.FileInUse, remove(first).Problem().Code)
	require.Equal(t, http.StatusNoContent, remove(same).Status)
	content := apitest.ProfileFiles + "/" + first.ID.String() + "/content"
	download(t, engineer.Do(http.MethodGet, content, nil))

	sweep := func(later time.Duration) {
		activities := fileactivities.New(p.Deps.Store, p.Deps.Files, func() time.Time { return time.Now().Add(later) })
		require.NoError(t, activities.SweepAbandoned(t.Context()))
	}
	found := func(f files.File) bool {
		return engineer.Do(http.MethodGet, apitest.ProfileFiles+"/"+f.ID.String(), nil).Status == http.StatusOK
	}
	sweep(13 * 24 * time.Hour)
	require.True(t, found(left), "a form may still name it")
	sweep(15 * 24 * time.Hour)
	require.False(t, found(left))
	require.True(t, found(first))
	pictureHash := apitest.Value[string](p, `select picture_sha256 from files where id = $1`, first.ID)
	nameFiles(engineer, func(*profiles.ProfileForm) {}).OK()
	sweep(15 * 24 * time.Hour)
	require.False(t, found(first))
	_, _, err := p.Deps.Files.Open(t.Context(), pictureHash)
	require.Error(t, err, "its picture is removed too")
}

// The quota of files of a profile is that of an order.
func TestProfileHasAQuotaOfFiles(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Files, s.Config.Limits.FileBytes = 2, 1<<30 })
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	declare := func() apitest.Answer {
		return engineer.Do(http.MethodPost, apitest.ProfileFiles, apitest.Object{"name": "a", "size": 1, "sha256": apitest.HexSum(nil), "purpose": "sample"})
	}
	declare().OK()
	declare().OK()
	refused := declare().Problem()
	require.Equal(t, problems.TooManyFiles, refused.Code)
	require.True(t, strings.HasPrefix(refused.Detail, "В профиль"), refused.Detail)
}

// A PNG with transparency is shown on white.
func TestTransparentPictureIsShownOnWhite(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	var content bytes.Buffer
	require.NoError(t, png.Encode(&content, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
	f := engineer.UploadToProfile("sample", "а.png", content.Bytes(), "stored")
	shown, _, err := image.Decode(bytes.NewReader(download(t, engineer.Do(http.MethodGet, apitest.ProfileFiles+"/"+f.ID.String()+"/content", nil))))
	require.NoError(t, err)
	r, g, b, _ := shown.At(4, 4).RGBA()
	require.Equal(t, []uint32{0xffff, 0xffff, 0xffff}, []uint32{r, g, b})
}
