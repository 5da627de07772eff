package operator

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// TestContext ends the run at every point of a turn.
func TestContext(t *testing.T) {
	tests := []struct {
		name string
		end  func(s *stage, cancel func(), c *Config)
		err  error
		want []string
	}{
		{
			name: "before the turn",
			end:  func(_ *stage, cancel func(), _ *Config) { cancel() },
			err:  context.Canceled,
		},
		{
			name: "while the board is read",
			end: func(s *stage, cancel func(), _ *Config) {
				s.onBoard = func(int) *reply { cancel(); return nil }
			},
			err:  context.Canceled,
			want: []string{"read 1: card 1: seen v1 scheduled"},
		},
		{
			name: "while thinking",
			end: func(_ *stage, cancel func(), c *Config) {
				c.Think = mustDelay(t, "1h")
				c.Sleep = func(ctx context.Context, d time.Duration) error {
					if d == time.Hour {
						cancel()
					}
					return ctx.Err()
				}
			},
			err:  context.Canceled,
			want: []string{"read 1: card 1: seen v1 scheduled"},
		},
		{
			name: "while the move is in flight",
			end: func(s *stage, cancel func(), _ *Config) {
				s.onMove = func(int, *appointment.Card) *reply { cancel(); return nil }
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress"},
		},
		{
			name: "before the recovery",
			end: func(s *stage, cancel func(), _ *Config) {
				s.onMove = func(n int, c *appointment.Card) *reply {
					cancel()
					if n == 1 {
						s.put(c, "in_progress", "ready")
					}
					return nil
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: conflict 409 v3 ready",
				"read 2: card 1: seen v3 ready", "update 2: card 1 v3 → in_progress: applied v4 in_progress"},
		},
		{
			name: "in the pause",
			end: func(_ *stage, cancel func(), c *Config) {
				c.Pause = mustDelay(t, "1h")
				c.Sleep = func(ctx context.Context, d time.Duration) error {
					if d == time.Hour {
						cancel()
					}
					return ctx.Err()
				}
			},
			want: []string{"read 1: card 1: seen v1 scheduled", "update 1: card 1 v1 → in_progress: applied v2 in_progress"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			s := newStage(t, newFloor(1))
			o := s.operator(t, func(c *Config) { tt.end(s, cancel, c) })
			if _, err := o.Turn(ctx); !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, s.story()); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			before := s.boards
			if _, err := o.Turn(ctx); !errors.Is(err, context.Canceled) || s.boards != before {
				t.Errorf("another turn began: error %v, %d boards", err, s.boards-before)
			}
		})
	}
}

func TestWarmup(t *testing.T) {
	s := newStage(t, newFloor(1))
	o := s.operator(t, func(c *Config) {
		c.WarmupEnd = int64(time.Second)
		c.Think = mustDelay(t, "2s")
	})
	s.now.Store(0)
	o.started = true
	if _, err := o.Turn(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(s.lines) != 2 || s.lines[0].Flags != history.Warmup || s.lines[1].Flags != 0 {
		t.Errorf("flags of %+v, want the read in the warm-up and the move after it", s.lines)
	}
}
