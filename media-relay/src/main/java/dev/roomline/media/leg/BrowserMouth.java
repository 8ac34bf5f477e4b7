package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.sdp.BrowserMedia;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a browser is sent: voices in slots, or a mix on its single line. Owner: the loop. */
final class BrowserMouth {
    /** After this many packets of silence a mix is silent by sending nothing. */
    private static final int SILENT_PACKETS = 3;

    private static final int PTIME_MILLIS = 20;

    private final Workbench bench;
    private final List<SlotStream> slots = new ArrayList<>();
    private final Packetizer.Out out = this::sendMixPacket;

    private @Nullable BrowserPath transport;
    private @Nullable LegRtcp rtcp;
    private @Nullable MixStream mix;
    private int silentPackets;
    private final SlotLoss loss = new SlotLoss();
    private final OpusPacket opus = new OpusPacket();
    private AudioCodec lastCodec = AudioCodec.OPUS;

    BrowserMouth(Workbench bench) {
        this.bench = bench;
    }

    void attach(BrowserPath path) {
        transport = path;
    }

    /** Whose reports tell of these streams. */
    void reportBy(LegRtcp reports) {
        rtcp = reports;
    }

    private void report(List<? extends LegRtcp.Sent> streams) {
        if (rtcp != null) {
            rtcp.setSent(streams);
        }
    }

    /** A description was agreed: the first, or a later one. */
    void agreed(BrowserMedia next) {
        if (next.mix()) {
            agreeMix(next);
        } else {
            agreeSlots(next);
        }
    }

    /**
     * A stream stays in its place for life: its sequence numbers live there, and none may be used
     * twice under one key. Lines that came later are added behind.
     */
    private void agreeSlots(BrowserMedia next) {
        for (BrowserMedia.Downlink line : next.downlinks()) {
            if (line.line().opusPayloadType() < 0) {
                continue;
            }
            SlotStream stream = slotOf(line.ssrc());
            if (stream == null) {
                slots.add(new SlotStream(line, bench.random().nextInt()));
            } else {
                stream.setLine(line);
            }
        }
        report(slots);
    }

    private @Nullable SlotStream slotOf(int ssrc) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).line().ssrc() == ssrc) {
                return slots.get(i);
            }
        }
        return null;
    }

    private void agreeMix(BrowserMedia next) {
        BrowserMedia.Downlink line = next.downlinks().getFirst();
        MixStream current = mix;
        if (current == null || !current.line().equals(line)) {
            mix = MixStream.of(line, bench.random(), PTIME_MILLIS);
            report(mix == null ? List.of() : List.of(mix));
        }
    }

    int slots() {
        return slots.size();
    }

    String slotMid(int slot) {
        return slots.get(slot).line().mid();
    }

    boolean hasMix() {
        return mix != null;
    }

    OpusWishes opusWishes() {
        MixStream stream = mix;
        return stream == null ? OpusWishes.NONE : stream.wishes();
    }

    AudioCodec mixCodec() {
        MixStream stream = mix;
        return stream == null ? AudioCodec.OPUS : stream.codec();
    }

    /** As reports name it; empty while nothing is sent. */
    String codecSent() {
        if (slots.isEmpty()) {
            return mix == null ? "" : mixCodec().encodingName();
        }
        // by what sounded last: each slot has a codec of its own
        return lastCodec.encodingName();
    }

    /** The browser asks for a packet that it lost. */
    void onNack(int ssrc, int sequence) {
        BrowserPath path = transport;
        SlotStream slot = slotOf(ssrc);
        if (path == null || slot == null || !slot.line().nack()) {
            return;
        }
        SentPackets sent = slot.sentPackets();
        if (sent.isFirstAsk(sequence)) {
            loss.onNack();
        }
        resend(path, slot, sent.take(sequence), true);
    }

    /**
     * Sends one packet in a slot.
     *
     * @param timestamp in ticks of {@link MediaClock}
     * @param source who speaks
     */
    void sendSlot(
            int slot, boolean marker, int sequence, long timestamp, int source, SoundPacket sound) {
        BrowserPath path = transport;
        if (path == null || slot >= slots.size()) {
            return;
        }
        SlotStream stream = slots.get(slot);
        lastCodec = sound.codec();
        boolean copied = loss.wantsCopies();
        if (copied && !marker && !bringsCopy(sound)) {
            // before the next one, or the browser would ask for what is on its way
            resend(path, stream, stream.sentPackets().copy(sequence - 1 & 0xFFFF), false);
        }
        int octets =
                stream.write(
                        bench.rtpWriter, bench.scratch, marker, sequence, timestamp, source, sound);
        int sealed = path.sendRtp(bench.scratch, octets);
        if (sealed <= 0) {
            return;
        }
        loss.onSent();
        if (stream.line().nack() || copied) {
            stream.sentPackets().keep(sequence, bench.scratch, sealed);
        }
    }

    /** Whether what was before it can be had from this packet, too. */
    private boolean bringsCopy(SoundPacket sound) {
        return sound.codec() == AudioCodec.OPUS
                && opus.parse(sound.octets(), sound.offset(), sound.length())
                && opus.hasFec();
    }

    private static void resend(BrowserPath path, SlotStream slot, int length, boolean asked) {
        if (length > 0) {
            slot.statistics().onResent(asked);
            path.resend(slot.sentPackets().octets(), slot.sentPackets().offset(), length);
        }
    }

    /** Whether every slot plays a codec. */
    boolean plays(AudioCodec codec) {
        for (int i = 0; i < slots.size(); i++) {
            if (!slots.get(i).plays(codec)) {
                return false;
            }
        }
        return !slots.isEmpty();
    }

    /** Copies of what was lost are not enough. */
    boolean wantsRedundancy() {
        return loss.wantsRedundancy();
    }

    /** Ten times a second: what the browser has told it lost lately, 0 to 1. */
    void settle(double reportedShare, long nowNanos) {
        loss.settle(reportedShare, nowNanos);
    }

    /** Sends 20 ms of mix, already encoded. */
    void sendMix(byte[] payload, int offset, int length) {
        silentPackets = 0;
        frame(payload, offset, length);
    }

    private void frame(byte[] payload, int offset, int length) {
        MixStream stream = mix;
        if (stream != null) {
            stream.packets().frame(payload, offset, length, bench.rtpWriter, bench.scratch, out);
        }
    }

    private void sendMixPacket(byte[] bytes, int offset, int length) {
        BrowserPath path = transport;
        if (path != null) {
            path.sendRtp(bytes, length);
        }
    }

    /** Lets frames of 20 ms pass without a packet. */
    void skipMix(long frames) {
        if (mix != null) {
            mix.packets().skip(frames);
        }
    }

    /** Says that there is nothing to hear, a few times, and then by sending nothing. */
    void sendSilence() {
        MixStream stream = mix;
        if (stream == null) {
            return;
        }
        if (silentPackets >= SILENT_PACKETS) {
            stream.packets().skip(1);
            return;
        }
        silentPackets++;
        byte[] silence = stream.silence();
        frame(silence, 0, silence.length);
    }
}
