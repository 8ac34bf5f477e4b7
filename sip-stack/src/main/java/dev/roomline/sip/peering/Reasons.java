package dev.roomline.sip.peering;

import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.SipResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What went wrong, in a few words. */
final class Reasons {
    private Reasons() {}

    static String of(SipResponse response) {
        return (response.status() + " " + response.reasonPhrase()).strip();
    }

    static String of(ClientEvent.Outcome.NotAuthorized refused) {
        String why = words(refused.why());
        return refused.realm().isEmpty() ? why : why + " for realm " + refused.realm();
    }

    static String of(List<Tried> tried) {
        return tried.stream()
                .map(
                        one -> {
                            var target = one.target();
                            return (target == null
                                            ? one.host()
                                            : Addresses.hostPort(target.address()))
                                    + ": "
                                    + words(one.why())
                                    + (one.detail().isEmpty() ? "" : " (" + one.detail() + ")");
                        })
                .collect(Collectors.joining(", "));
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
