package refserver_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"

	"github.com/occbench/occbench/reference-server/appointment"
)

// rawClient is the leanest load there is: one connection, requests written by
// hand, boards scanned for one card. What it measures is the server.
type rawClient struct {
	conn     net.Conn
	in       *bufio.Reader
	out      []byte
	body     []byte
	board    []byte
	card     []byte // how the board names our card
	path     string
	attempts map[int]int64 // by HTTP status
	status   appointment.Status
	version  int64
}

func dialRaw(addr, date string, card int64) (*rawClient, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	id := strconv.FormatInt(card, 10)
	return &rawClient{
		conn: conn, in: bufio.NewReaderSize(conn, 32<<10), attempts: map[int]int64{},
		board: []byte("GET /api/admin/appointments/board?date=" + date + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
		card:  []byte(`{"id":"` + id + `",`),
		path:  "/api/admin/appointments/" + id + "/move",
	}, nil
}

// turn reads the board and moves the card to and fro.
func (c *rawClient) turn() error {
	status, err := c.roundTrip(c.board)
	if err != nil || status != 200 {
		return errors.Join(err, fmt.Errorf("the board was answered with %d", status))
	}
	from, version, err := c.find()
	if err != nil {
		return err
	}
	_, err = c.move(from, version)
	return err
}

// moveOn moves the card on from where its last move left it; the board is read
// the first time.
func (c *rawClient) moveOn() error {
	if c.version == 0 {
		status, err := c.roundTrip(c.board)
		if err != nil || status != 200 {
			return errors.Join(err, fmt.Errorf("the board was answered with %d", status))
		}
		if c.status, c.version, err = c.find(); err != nil {
			return err
		}
	}
	_, err := c.move(c.status, c.version)
	c.version++
	if c.status == appointment.Scheduled {
		c.status = appointment.InProgress
	} else {
		c.status = appointment.Scheduled
	}
	return err
}

// find returns what the board in hand says about our card.
func (c *rawClient) find() (appointment.Status, int64, error) {
	_, card, found := bytes.Cut(c.body, c.card)
	_, status, hasStatus := bytes.Cut(card, []byte(`"status":"`))
	_, version, hasVersion := bytes.Cut(status, []byte(`"version":`))
	if !found || !hasStatus || !hasVersion {
		return "", 0, errors.New("the board does not hold the card")
	}
	var n int64
	for _, digit := range version {
		if digit < '0' || digit > '9' {
			break
		}
		n = n*10 + int64(digit-'0')
	}
	if bytes.HasPrefix(status, []byte("scheduled")) {
		return appointment.Scheduled, n, nil
	}
	return appointment.InProgress, n, nil
}

// move sends one attempt, counts it and returns the version of the answer.
func (c *rawClient) move(from appointment.Status, version int64) (int64, error) {
	to := appointment.InProgress
	if from == to {
		to = appointment.Scheduled
	}
	body := fmt.Sprintf(`{"new_status":"%s","expected_version":%d}`, to, version)
	c.out = fmt.Appendf(c.out[:0], "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s", c.path, len(body), body)
	status, err := c.roundTrip(c.out)
	if err != nil {
		return 0, err
	}
	c.attempts[status]++
	return version + 1, nil
}

// roundTrip sends a request and reads the answer's body.
func (c *rawClient) roundTrip(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		switch {
		case len(line) <= 2:
			if length < 0 {
				return 0, errors.New("the answer gives no length")
			}
			c.body = append(c.body[:0], make([]byte, length)...)
			_, err = io.ReadFull(c.in, c.body)
			return status, err
		case status == 0:
			status, err = strconv.Atoi(string(line[9:12]))
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, err = strconv.Atoi(string(bytes.TrimSpace(line[16:])))
		}
		if err != nil {
			return 0, err
		}
	}
}
