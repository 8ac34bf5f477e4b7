package dev.roomline.media.leg;

import dev.roomline.media.ice.IceEffect;
import dev.roomline.media.ice.IceLiteAgent;
import dev.roomline.media.sdp.IceAgreement;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ICE on a phone's ports, where it offered that: an agent for the port of sound, and where reports
 * have a port of their own another for that. Nothing is heard from whoever has passed no
 * authenticated check, and nothing is sent before the phone has nominated a pair (RFC 8445 §12.1).
 *
 * <p>Many phones prove themselves once and then only keep the road open, by indications and by
 * their sound (§11): whatever comes from the nominated address says that it is there. When nothing
 * comes for 30 s nothing is sent either, until something does. Sans-IO. Owner: the leg's media
 * loop.
 */
final class PhoneIce {
    /** What comes of it, on the loop. */
    interface Events {
        /** Sound goes there, and comes from there, from now on. */
        void onSelected(InetSocketAddress remote);

        /** No pair was nominated in time. */
        void onNoPair();
    }

    private final Wire wire;
    private final Events events;
    private Workbench bench;
    private @Nullable IceAgreement agreement;
    private @Nullable Port sound;
    private @Nullable Port reports;

    PhoneIce(Wire wire, Workbench bench, Events events) {
        this.wire = wire;
        this.bench = bench;
        this.events = events;
    }

    void moveTo(Workbench other) {
        bench = other;
    }

    /**
     * A description holds.
     *
     * @param next null: without ICE
     * @param muxed reports come on the port of sound
     */
    void agreed(@Nullable IceAgreement next, boolean muxed, long nowNanos) {
        IceAgreement before = agreement;
        agreement = next;
        if (next == null) {
            sound = null;
            reports = null;
            return;
        }
        boolean restarted = before != null && !next.isSessionOf(before);
        sound = port(sound, next, false, restarted, nowNanos);
        reports = next.reports() && !muxed ? port(reports, next, true, restarted, nowNanos) : null;
    }

    private Port port(
            @Nullable Port running,
            IceAgreement next,
            boolean control,
            boolean restarted,
            long nowNanos) {
        if (running == null) {
            return new Port(next, control, nowNanos);
        }
        if (restarted) {
            running.agent.restart(next.local(), next.remoteUfrag(), nowNanos);
        }
        return running;
    }

    boolean isOn() {
        return sound != null;
    }

    /**
     * A datagram that may be a check.
     *
     * @param control on the port of reports
     */
    void onStun(
            byte[] bytes,
            int offset,
            int length,
            InetSocketAddress source,
            boolean control,
            long nowNanos) {
        Port port = at(control);
        if (port != null) {
            port.onStun(bytes, offset, length, source, nowNanos);
        }
    }

    private @Nullable Port at(boolean control) {
        return control && reports != null ? reports : sound;
    }

    /** Whether an authenticated check came from there. */
    boolean isValid(InetSocketAddress source, boolean control) {
        Port port = at(control);
        return port != null && port.agent.isValid(source);
    }

    /** Something that is no check came from a source that {@link #isValid}. */
    void onPacket(InetSocketAddress source, boolean control, long nowNanos) {
        Port port = at(control);
        if (port != null) {
            port.agent.onSignOfLife(source, nowNanos);
        }
    }

    /** SRTP from a source that {@link #isValid} was authentic. */
    void onAuthentic(InetSocketAddress source, long nowNanos) {
        if (sound != null) {
            sound.agent.onAuthenticSrtp(source, nowNanos, sound.outbox);
        }
    }

    /** Where sound goes; null before a nomination, and while nothing comes from there. */
    @Nullable InetSocketAddress soundTo() {
        return sound == null ? null : sound.target();
    }

    /** Where reports go that have a port of their own; null: nowhere now. */
    @Nullable InetSocketAddress reportsTo() {
        return reports == null ? null : reports.target();
    }

    void maintain(long nowNanos) {
        for (Port port : new Port[] {sound, reports}) {
            if (port != null && nowNanos - port.agent.nextDeadlineNanos() >= 0) {
                port.agent.onDeadline(nowNanos, port.outbox);
            }
        }
    }

    /** One of the two ports. */
    private final class Port {
        private final boolean control;
        private final IceLiteAgent agent;
        private final Consumer<IceEffect> outbox = this::take;

        Port(IceAgreement agreed, boolean control, long nowNanos) {
            this.control = control;
            agent = new IceLiteAgent(agreed.local(), agreed.remoteUfrag(), nowNanos);
        }

        void onStun(byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
            IceLiteAgent.Verdict verdict =
                    agent.onStun(bytes, offset, length, source, nowNanos, outbox);
            Drop refused = Drop.of(verdict);
            if (refused != null) {
                bench.drop(refused);
            } else if (verdict == IceLiteAgent.Verdict.IGNORED) {
                // an indication: the road is kept open
                agent.onSignOfLife(source, nowNanos);
            }
        }

        @Nullable InetSocketAddress target() {
            return agent.isExpired() ? null : agent.selected();
        }

        private void take(IceEffect effect) {
            switch (effect) {
                case IceEffect.Send(byte[] datagram, InetSocketAddress to) -> {
                    if (control) {
                        wire.sendRtcp(to, datagram, 0, datagram.length);
                    } else {
                        wire.send(to, datagram, 0, datagram.length);
                    }
                }
                case IceEffect.Selected(InetSocketAddress remote) -> {
                    if (!control) {
                        events.onSelected(remote);
                    }
                }
                case IceEffect.ConsentExpired _ -> {
                    if (!control && agent.selected() == null) {
                        bench.drop(Drop.ICE_NEVER_CONNECTED);
                        events.onNoPair();
                    }
                }
            }
        }
    }
}
