package dev.roomline.bridge.call;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Presses keys on a call's far end: by telephone events where those are agreed; else by INFO, one
 * after another, where the far end said that it takes them so (Accept) or has pressed its own so;
 * else, or where it refuses them, as tones. Owner: the signalling loop.
 */
final class Keypad {
    private static final int MOST_WAITING = 256;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private record Press(char key, int toneMillis, int gapMillis) {}

    private final SipPort sip;
    private final Signal signal;
    private final Consumer<String> decided;
    private final Deque<Press> waiting = new ArrayDeque<>();

    /** The type of body that the far end takes keys in; null while none is known. */
    private @Nullable String format;

    private boolean refused;
    private boolean over;

    /** The key whose INFO is on its way, or after which the next one waits. */
    private @Nullable Press sent;

    private long sentNanos;

    /** Below zero: re-INVITEs count up. */
    private long tag;

    private @Nullable DialogId dialog;
    private @Nullable CallMedia media;

    /**
     * @param decided hears what is decided, for the call's trace
     */
    Keypad(SipPort sip, Signal signal, Consumer<String> decided) {
        this.sip = sip;
        this.signal = signal;
        this.decided = decided;
    }

    /** What the far end's INVITE or 2xx says that it accepts (RFC 3261 §20.1). */
    void peerAccepts(List<String> accept) {
        for (String line : accept) {
            for (String type : line.split(",", -1)) {
                String named = InfoDigit.typeOf(type);
                if (InfoDigit.TYPES.contains(named) && format == null) {
                    format = named;
                }
            }
        }
    }

    /** The far end has pressed a key by INFO, in a body of this type. */
    void peerPressed(String contentType) {
        format = InfoDigit.typeOf(contentType);
    }

    /**
     * Presses keys.
     *
     * @return false where too many wait, or the media is gone
     */
    CompletionStage<Boolean> press(
            DialogId in, CallMedia sound, String digits, int toneMillis, int gapMillis) {
        boolean byInfo = format != null && !refused;
        decided.accept(digits.length() + " keys are pressed");
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        signal.whenDone(
                sound.press(digits, toneMillis, gapMillis, !byInfo),
                (done, _) -> {
                    boolean byRtp = Boolean.TRUE.equals(done);
                    taken.complete(
                            byRtp || (byInfo && inform(in, sound, digits, toneMillis, gapMillis)));
                });
        return taken;
    }

    private boolean inform(
            DialogId in, CallMedia sound, String digits, int toneMillis, int gapMillis) {
        if (over || waiting.size() + digits.length() > MOST_WAITING) {
            return false;
        }
        dialog = in;
        media = sound;
        decided.accept("no telephone events are agreed: they go by INFO, " + format);
        for (char key : digits.toUpperCase(Locale.ROOT).toCharArray()) {
            waiting.add(new Press(key, toneMillis, gapMillis));
        }
        if (sent == null) {
            next();
        }
        return true;
    }

    private void next() {
        sent = null;
        Press press = waiting.poll();
        if (press == null || over) {
            return;
        }
        if (refused) {
            waiting.addFirst(press);
            asTones();
            return;
        }
        sent = press;
        sentNanos = signal.nanoTime();
        if (press.key() == 'W') {
            var _ = signal.after(PAUSE, this::next);
            return;
        }
        if (dialog != null) {
            Body body = new Body(String.valueOf(format), text(press));
            sip.command(new SipCommand.SendInDialog(dialog, --tag, "INFO", List.of(), body));
        }
    }

    private byte[] text(Press press) {
        String text =
                InfoDigit.RELAY.equals(format)
                        ? "Signal=" + press.key() + "\r\nDuration=" + press.toneMillis() + "\r\n"
                        : String.valueOf(press.key());
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The far end's answer to a request in the dialog.
     *
     * @return false if that is none of ours
     */
    boolean responded(SipEvent.ResponseReceived response) {
        if (response.tag() >= 0) {
            return false;
        }
        Press press = sent;
        if (response.tag() == tag && press != null) {
            answered(press, response.status());
        }
        return true;
    }

    private void answered(Press press, int status) {
        if (status >= 300) {
            refused = true;
            decided.accept("INFO was refused with " + status + ": keys go as tones");
            waiting.addFirst(press);
            asTones();
            return;
        }
        long spentMillis = (signal.nanoTime() - sentNanos) / 1_000_000;
        long left = press.toneMillis() + press.gapMillis() - spentMillis;
        var _ = signal.after(Duration.ofMillis(Math.max(0, left)), this::next);
    }

    /** All that waits. */
    private void asTones() {
        sent = null;
        while (!waiting.isEmpty() && media != null && !over) {
            Press press = waiting.removeFirst();
            var _ =
                    media.press(
                            String.valueOf(press.key()),
                            press.toneMillis(),
                            press.gapMillis(),
                            true);
        }
    }

    /** The call has ended: nothing more is pressed. */
    void end() {
        over = true;
        waiting.clear();
    }
}
