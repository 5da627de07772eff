package settings

import (
	"errors"
	"fmt"
	"net/url"
)

// The scenarios that a run can play.
const (
	MoveScenario  = "move"  // operators of the API
	BoardScenario = "board" // and people in browsers beside them
)

// defaultPeople is how many people the board has where nobody says.
const defaultPeople = 2

// settleBrowser decides whether there are people in browsers, and refuses what
// could then not take effect.
func (s *Settings) settleBrowser() error {
	switch {
	case s.Browser > 0 && s.Scenario == MoveScenario:
		return s.exclude("browser", "scenario", "in the scenario move nobody sits in front of a browser")
	case s.Browser > 0:
		s.Scenario = BoardScenario
	case s.Scenario == BoardScenario:
		s.Browser = defaultPeople
	case s.BoardURL != "":
		return fmt.Errorf("%s is the page that people open and cannot take effect without --browser N or --scenario board", s.At("board-url"))
	default:
		s.Scenario = MoveScenario
	}
	return nil
}

// parseBoardURL never repeats the text, which may hold a password.
func parseBoardURL(s *Settings, v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" {
		return errors.New("the value is not the URL of a page such as https://shop.example.com/board")
	}
	if u.User != nil {
		return errors.New("the value holds credentials; a board that asks for a login cannot be opened")
	}
	s.BoardURL = v
	return nil
}
