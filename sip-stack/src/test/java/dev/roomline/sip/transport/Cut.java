package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.SipInput;
import java.util.ArrayList;
import java.util.List;

/** What the framer of a stream makes of octets, as the core is given it. */
public final class Cut {
    private final StreamFramer.Frame frame;

    private Cut(StreamFramer.Frame frame) {
        this.frame = frame;
    }

    public static List<Cut> all(byte[] octets) {
        StreamFramer framer = new StreamFramer(16 * 1024, 64 * 1024);
        framer.feed(octets, 0, octets.length);
        List<Cut> pieces = new ArrayList<>();
        for (StreamFramer.Frame next = framer.next(); next != null; next = framer.next()) {
            if (!(next instanceof StreamFramer.Frame.Ping)) {
                pieces.add(new Cut(next));
            }
        }
        return pieces;
    }

    public SipInput input(Flow flow) {
        return switch (frame) {
            case StreamFramer.Frame.Message(byte[] bytes) ->
                    new SipInput.MessageReceived(flow, bytes);
            case StreamFramer.Frame.Broken(FramingFault fault, byte[] head) ->
                    new SipInput.FramingFailed(flow, head, fault.tooLarge(), fault.phrase());
            case StreamFramer.Frame.Ping ping -> throw new AssertionError("no message: " + ping);
            case StreamFramer.Frame.Pong pong -> throw new AssertionError("no message: " + pong);
        };
    }
}
