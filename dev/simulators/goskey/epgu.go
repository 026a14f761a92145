package goskey

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxBody = 60 << 20 // bytes of a part with its form
	maxText = 64 << 10 // bytes of a text in a request

	localTime = "2006-01-02T15:04:05.000"
)

var moscow = time.FixedZone("MSK", 3*60*60)

type object map[string]any

func reply(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the status is already sent, so an error cannot be reported
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, object{"code": code, "message": message})
}

// giveToken gives a token for the API key and the platform's signature of it.
func (s *Server) giveToken(w http.ResponseWriter, r *http.Request) {
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(r.URL.Query().Get("signature"), "="))
	if err != nil || r.PathValue("key") != s.config.APIKey || s.verify([]byte(s.config.APIKey), signature) != nil {
		refuse(w, http.StatusForbidden, "access_denied_system", "Доступ запрещен")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	until := s.now().Add(tokenLifetime)
	claims := fmt.Sprintf(`{"exp":%d,"jti":%q}`, until.Unix(), rand.Text())
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2lt"
	s.tokens[token] = until
	reply(w, http.StatusOK, object{"accessTkn": token})
}

// Forget makes all tokens invalid, as an outage of ЕСИА does.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// authorized lets requests through that carry a token. The handler holds mu.
func (s *Server) authorized(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		s.mu.Lock()
		defer s.mu.Unlock()
		until, found := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		if !found || !s.now().Before(until) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handle(w, r)
	}
}

// meta is what an order is for.
type meta struct {
	Region      string `json:"region"`
	ServiceCode string `json:"serviceCode"`
	TargetCode  string `json:"targetCode"`
}

func (m meta) valid() bool {
	_, found := namespaces[m.ServiceCode]
	return found && m.TargetCode == "-"+m.ServiceCode && m.Region != ""
}

func (s *Server) reserve(w http.ResponseWriter, r *http.Request) {
	var m meta
	if json.NewDecoder(io.LimitReader(r.Body, maxText)).Decode(&m) != nil || !m.valid() {
		refuse(w, http.StatusBadRequest, "service_not_found", "Не найдена услуга")
		return
	}
	s.last++
	s.orders[s.last] = &order{id: s.last, service: m.ServiceCode, parts: map[int][]byte{}}
	reply(w, http.StatusOK, object{"orderId": s.last})
}

// push takes one part of an archive. The last one sends the order.
func (s *Server) push(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.FormValue("orderId"), 10, 64)
	part, errPart := strconv.Atoi(r.FormValue("chunk"))
	parts, errParts := strconv.Atoi(r.FormValue("chunks"))
	var m meta
	errMeta := json.Unmarshal([]byte(r.FormValue("meta")), &m)
	upload, _, errFile := r.FormFile("file")
	o, found := s.orders[id]
	if !found || errPart != nil || errParts != nil || errMeta != nil || errFile != nil || m.ServiceCode != o.service || part >= parts {
		refuse(w, http.StatusBadRequest, "bad_request", "Ошибка в параметрах запроса")
		return
	}
	if !o.sentAt.IsZero() {
		refuse(w, http.StatusConflict, "bad_request", "Заявление уже отправлено")
		return
	}
	content, err := io.ReadAll(upload)
	if err != nil || part < parts-1 && len(content) < 5_000_000 {
		refuse(w, http.StatusBadRequest, "bad_request", "Размер части архива")
		return
	}
	o.parts[part] = content
	if part < parts-1 {
		reply(w, http.StatusPartialContent, object{"orderId": id})
		return
	}
	s.accept(o, parts)
	reply(w, http.StatusOK, object{"orderId": id})
}

// accept puts the parts together and checks the archive. What is wrong is known after the check only.
func (s *Server) accept(o *order, parts int) {
	var archive []byte
	for n := range parts {
		archive = append(archive, o.parts[n]...)
	}
	o.parts, o.sentAt, o.behaviour = map[int][]byte{}, s.now(), s.behaviour
	if o.request, o.document, o.fault = s.open(o.service, archive); o.fault == "" {
		o.fault = o.behaviour.Check
	}
}

func (s *Server) orderOf(r *http.Request) (*order, bool) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	o, found := s.orders[id]
	return o, found
}

// describe answers with the state of an order: an object inside a text, as ЕПГУ does.
func (s *Server) describe(w http.ResponseWriter, r *http.Request) {
	o, found := s.orderOf(r)
	if !found {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	now := s.stateOf(o, s.now())
	if now.code != "" && now.code != "DONE" {
		reply(w, http.StatusOK, object{"code": now.code, "message": nil})
		return
	}
	current := object{"statusId": now.status, "title": now.title, "comment": now.comment, "date": now.since.In(moscow).Format(localTime + "-0700")}
	details := object{
		"id": o.id, "orderStatusId": now.status, "currentStatusHistory": current, "statuses": []object{current}, "orderResponseFiles": []object{},
	}
	if now.signed {
		details["orderResponseFiles"] = []object{
			{"fileName": "resp.xml", "mimeType": "application/xml", "link": fmt.Sprintf("terrabyte://00/%d/resp.xml/3", o.id)},
			{"fileName": o.document.name + ".sig", "mimeType": "application/x-pkcs7-signature", "link": fmt.Sprintf("terrabyte://00/%d/%s/3", o.id, o.document.name)},
		}
	}
	text, err := json.Marshal(details)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal_error", err.Error())
		return
	}
	reply(w, http.StatusOK, object{"code": "OK", "message": nil, "messageId": rand.Text(), "order": string(text)})
}

// updatedAfter lists the orders in the cabinet whose state has changed.
func (s *Server) updatedAfter(w http.ResponseWriter, r *http.Request) {
	after, err := time.ParseInLocation(localTime, r.FormValue("updatedAfter"), moscow)
	page, errPage := strconv.Atoi(r.FormValue("pageNum"))
	size, errSize := strconv.Atoi(r.FormValue("pageSize"))
	if err != nil || errPage != nil || errSize != nil || size < 1 {
		refuse(w, http.StatusBadRequest, "bad_request", "Ошибка в параметрах запроса")
		return
	}
	now := s.now()
	found := []object{}
	for id := int64(firstOrder) + 1; id <= s.last; id++ {
		if st := s.stateOf(s.orders[id], now); st.code == "DONE" && st.since.After(after) {
			status := object{"statusId": st.status, "statusName": st.title, "updated": st.since.In(moscow).Format(localTime)}
			found = append(found, object{"orderId": id, "orderSearchStatus": "FOUND", "status": status})
		}
	}
	content := slices.Collect(slices.Chunk(found, size))
	shown := []object{}
	if page < len(content) {
		shown = content[page]
	}
	reply(w, http.StatusOK, object{"count": len(shown), "totalCount": len(found), "content": shown})
}

func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	o, found := s.orderOf(r)
	if !found || !s.stateOf(o, s.now()).signed || r.URL.Query().Get("mnemonic") != o.document.name {
		refuse(w, http.StatusNotFound, "not_found", "Файл не найден")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(o.signature)
}
