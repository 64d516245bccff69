package clock_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/clock"
)

func TestTheClockRunsAndJumps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c clock.Virtual
		wall := time.Now()
		if !c.Now().Equal(wall) {
			t.Errorf("before the first jump it shows %v, the wall %v", c.Now(), wall)
		}
		c.JumpTo(wall.AddDate(400, 0, 0)) // further than a Duration reaches
		time.Sleep(time.Minute)
		if want := wall.AddDate(400, 0, 0).Add(time.Minute); !c.Now().Equal(want) {
			t.Errorf("it shows %v, want %v", c.Now(), want)
		}
		before := c.Now()
		c.JumpTo(wall)
		if c.Now().Before(before) {
			t.Error("it went back")
		}
	})
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !clock.Pause(t.Context(), time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("a minute took %v", time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if clock.Pause(ctx, time.Hour) || time.Since(began) != time.Minute+time.Second {
			t.Errorf("it went on for %v after its context had ended", time.Since(began)-time.Minute-time.Second)
		}
	})
}
