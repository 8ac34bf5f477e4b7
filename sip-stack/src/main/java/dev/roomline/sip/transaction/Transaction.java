package dev.roomline.sip.transaction;

import org.jspecify.annotations.Nullable;

/**
 * One transaction: a machine's state, its three timers and the message that it repeats. Owner: the
 * signalling loop.
 *
 * @param <M> what it hands to its user
 */
public final class Transaction<M> {
    private final Machine machine;
    private final boolean reliable;
    private final TimerQueue timers;
    private final TimerSettings settings;
    private final TransactionUser<M> user;

    private State state;
    private byte @Nullable [] kept;
    private long intervalNanos;
    private TimerQueue.@Nullable Timer repeat;
    private TimerQueue.@Nullable Timer giveUp;
    private TimerQueue.@Nullable Timer linger;

    /**
     * @param reliable whether its transport is, so that nothing need be repeated
     */
    public Transaction(
            Machine machine,
            boolean reliable,
            TimerQueue timers,
            TimerSettings settings,
            TransactionUser<M> user) {
        this.machine = machine;
        this.reliable = reliable;
        this.timers = timers;
        this.settings = settings;
        this.user = user;
        this.state = machine.first();
    }

    public State state() {
        return state;
    }

    /** Client: sends its request and starts timers A and B, or E and F. */
    public void start(byte[] request, long nowNanos) {
        kept = request;
        user.transmit(request);
        act(Action.REPEAT, null, null, nowNanos);
        act(Action.PATIENCE, null, null, nowNanos);
    }

    /** Server: the user answers. */
    public void respond(int status, byte[] response, long nowNanos) {
        handle(eventOf(status), response, null, nowNanos);
    }

    /** Client: an answer came. */
    public void response(int status, M response, long nowNanos) {
        handle(eventOf(status), null, response, nowNanos);
    }

    /** INVITE server: an ACK with its branch came. */
    public void ack(M ack, long nowNanos) {
        handle(Event.ACK, null, ack, nowNanos);
    }

    public void requestAgain(long nowNanos) {
        handle(Event.REQUEST_AGAIN, null, null, nowNanos);
    }

    public void transportFailed(long nowNanos) {
        handle(Event.TRANSPORT_FAILED, null, null, nowNanos);
    }

    /** Client: sends its request no more; an answer that still comes is taken. */
    public void stopRepeating() {
        cancel(repeat);
    }

    /** Ends it without a word to the peer, whom nobody will answer any more (RFC 4320 §4.2). */
    public void abandon(long nowNanos) {
        if (state != State.TERMINATED) {
            state = State.TERMINATED;
            stopTimers();
            user.terminated(nowNanos);
        }
    }

    private static Event eventOf(int status) {
        if (status < 200) {
            return Event.PROVISIONAL;
        }
        return status < 300 ? Event.SUCCESS : Event.FAILURE;
    }

    private void handle(Event event, byte @Nullable [] bytes, @Nullable M message, long nowNanos) {
        if (state == State.TERMINATED) {
            return;
        }
        Step step = machine.step(state, event);
        state = step.next();
        if (state == State.TERMINATED) {
            // first, so that a user who is told why may begin another in its place
            stopTimers();
            user.terminated(nowNanos);
        }
        for (Action action : step.actions()) {
            act(action, bytes, message, nowNanos);
        }
    }

    private void act(Action action, byte @Nullable [] bytes, @Nullable M message, long nowNanos) {
        switch (action) {
            case SEND -> {
                // an accepted INVITE that comes again is absorbed, and its 2xx is the user's
                kept = state == State.ACCEPTED ? null : bytes;
                if (bytes != null) {
                    user.transmit(bytes);
                }
            }
            case SEND_AGAIN -> {
                byte[] again = kept;
                if (again != null) {
                    user.transmitAgain(again);
                }
            }
            case SEND_ACK -> {
                if (message != null) {
                    user.acknowledge(message);
                }
            }
            case TO_USER -> {
                if (message != null) {
                    user.received(message, nowNanos);
                }
            }
            case TELL_TIMEOUT -> user.timedOut(nowNanos);
            case TELL_TRANSPORT_FAILED -> user.unsendable(nowNanos);
            case REPEAT -> repeatIn(nextIntervalNanos(), nowNanos);
            case REPEAT_AT_T2 -> repeatIn(settings.t2Nanos(), nowNanos);
            case STOP_REPEATING -> cancel(repeat);
            case PATIENCE ->
                    giveUp =
                            timers.schedule(
                                    nowNanos + settings.patienceNanos(),
                                    now -> handle(Event.GIVE_UP_TIMER, null, null, now));
            case STOP_PATIENCE -> cancel(giveUp);
            case LINGER_PATIENCE -> lingerFor(settings.patienceNanos(), nowNanos);
            case LINGER_UNRELIABLE -> lingerFor(reliable ? 0 : settings.patienceNanos(), nowNanos);
            case LINGER_T4 -> lingerFor(reliable ? 0 : settings.t4Nanos(), nowNanos);
        }
    }

    /** T1, 2·T1, …: up to T2 but in timer A, which doubles without end (§17.1.1.2). */
    private long nextIntervalNanos() {
        long next = intervalNanos == 0 ? settings.t1Nanos() : intervalNanos * 2;
        intervalNanos =
                machine == Machine.INVITE_CLIENT ? next : Math.min(next, settings.t2Nanos());
        return intervalNanos;
    }

    private void repeatIn(long nanos, long nowNanos) {
        if (!reliable) {
            repeat =
                    timers.schedule(
                            nowNanos + nanos, now -> handle(Event.REPEAT_TIMER, null, null, now));
        }
    }

    private void lingerFor(long nanos, long nowNanos) {
        linger =
                timers.schedule(
                        nowNanos + nanos, now -> handle(Event.LINGER_TIMER, null, null, now));
    }

    private void stopTimers() {
        cancel(repeat);
        cancel(giveUp);
        cancel(linger);
    }

    private static void cancel(TimerQueue.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
