package dev.roomline.media.leg;

import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The road to a phone: from where it may be heard, and where what we say goes. ICE decides where
 * that was agreed, and alone; else the {@link AddressRule}. Sans-IO. Owner: the leg's media loop.
 */
final class PhoneRoad {
    private final AddressRule rule;
    private final PhoneIce ice;
    private @Nullable PhoneMedia media;

    PhoneRoad(AddressRule rule, PhoneIce ice) {
        this.rule = rule;
        this.ice = ice;
    }

    /** A description holds. */
    void agreed(PhoneMedia next, long nowNanos) {
        PhoneMedia before = media;
        rule.described(
                next.hasAddress() ? next.remoteRtp() : null, next.codec().clockRate(), nowNanos);
        if (before != null && !before.isHeard() && next.isHeard()) {
            rule.resumed(nowNanos);
        }
        ice.agreed(next.ice(), next.rtcpMux(), nowNanos);
        media = next;
    }

    /** Whether a packet could be the phone's at all; see {@link AddressRule#mayBeHeard}. */
    boolean mayBeHeard(
            InetSocketAddress source, byte[] bytes, int offset, int length, long nowNanos) {
        return ice.isOn()
                ? ice.isValid(source, false)
                : rule.mayBeHeard(source, bytes, offset, length, nowNanos);
    }

    /** Judges one RTP packet; see {@link AddressRule#judge}. */
    AddressRule.Verdict judge(
            InetSocketAddress source,
            boolean negotiated,
            int ssrc,
            int sequence,
            int timestamp,
            long nowNanos) {
        if (!ice.isOn()) {
            return rule.judge(source, negotiated, ssrc, sequence, timestamp, nowNanos);
        }
        if (!ice.isValid(source, false)) {
            return AddressRule.Verdict.STRANGER;
        }
        ice.onPacket(source, false, nowNanos);
        return AddressRule.Verdict.HEARD;
    }

    /** Whether reports from there are worth reading. */
    boolean reportsFrom(InetSocketAddress source, long nowNanos) {
        if (!ice.isOn()) {
            return rule.rtcpFrom(source);
        }
        boolean valid = ice.isValid(source, true);
        if (valid) {
            ice.onPacket(source, true, nowNanos);
        }
        return valid;
    }

    /** Where sound goes; null: nowhere now. */
    @Nullable InetSocketAddress soundTo() {
        return ice.isOn() ? ice.soundTo() : rule.target();
    }

    /** Where reports go that have a port of their own; null: nowhere now. */
    @Nullable InetSocketAddress reportsTo() {
        PhoneMedia agreed = media;
        InetSocketAddress target = soundTo();
        if (ice.isOn() || agreed == null || target == null) {
            return ice.reportsTo();
        }
        if (target.equals(agreed.remoteRtp())) {
            return agreed.remoteRtcp();
        }
        return target.getPort() < 65_535
                ? new InetSocketAddress(target.getAddress(), target.getPort() + 1)
                : null;
    }

    /** From where the phone was heard, or answered for; null: from nowhere yet. */
    @Nullable InetSocketAddress proven() {
        return ice.isOn() ? ice.soundTo() : rule.latched();
    }

    /** Why it is heard from there, in one sentence. */
    String why() {
        return ice.isOn() ? "the pair that it nominated by ICE" : rule.why();
    }

    /** Whether what is heard now may fall silent and another take its place. */
    boolean silent(long nowNanos) {
        return rule.silent(nowNanos);
    }

    /** The one source that can be heard now; null: another may yet prove itself. */
    @Nullable InetSocketAddress onlySource(long nowNanos) {
        return !ice.isOn() && rule.settled(nowNanos) ? rule.latched() : null;
    }
}
