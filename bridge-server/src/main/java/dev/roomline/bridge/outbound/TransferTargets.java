package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.TransferPlan;
import dev.roomline.bridge.config.TrunkAddress;
import dev.roomline.bridge.trunk.LiveTrunk;
import dev.roomline.bridge.trunk.Trunks;
import dev.roomline.bridge.trunk.UserPart;
import dev.roomline.sip.auth.ClientIdentity;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * To whom a call's far end may be sent, and how that one is written for it. The far end makes that
 * call, often at our cost: the rules for numbers that we call ourselves hold for it too. Owner: the
 * signalling loop.
 */
public final class TransferTargets implements TransferPlan {
    private static final String SIP = "sip:";

    private final NumberRules rules;
    private final Trunks trunks;

    public TransferTargets(OutboundSettings settings, Trunks trunks) {
        this.rules =
                new NumberRules(
                        settings.allowedPrefixes(),
                        settings.deniedPrefixes(),
                        settings.emergencyNumbers());
        this.trunks = trunks;
    }

    @Override
    public Target target(String to, Caller moved) {
        String trunkId = moved.trunk();
        Optional<LiveTrunk> trunk = trunkId == null ? Optional.empty() : trunks.find(trunkId);
        boolean asTel = to.strip().toLowerCase(Locale.ROOT).startsWith("tel:");
        return switch (Destination.read(to).orElse(null)) {
            case null -> refused(EndReason.NOT_FOUND, "Nobody can be sent there.");
            case Destination.Account _ ->
                    refused(
                            EndReason.NOT_FOUND,
                            "An account's phone is no place to send somebody else to.");
            case Destination.Dialled(String text) -> number(text, trunk.orElse(null), asTel);
            case Destination.Address(String user, String host) ->
                    address(to.strip(), user, trunk.orElse(null));
        };
    }

    @Override
    public @Nullable ClientIdentity identity(Caller from) {
        String trunk = from.trunk();
        return trunk == null ? null : trunks.find(trunk).map(LiveTrunk::identity).orElse(null);
    }

    @Override
    public String host(Caller from) {
        String trunk = from.trunk();
        return trunk == null
                ? ""
                : trunks.find(trunk).flatMap(LiveTrunk::address).map(TrunkAddress::host).orElse("");
    }

    private Target number(String text, @Nullable LiveTrunk trunk, boolean asTel) {
        Optional<DialledNumber> number = read(text, trunk);
        if (number.isEmpty() || (trunk == null && !number.get().international())) {
            return refused(
                    EndReason.NOT_FOUND,
                    "This is no number that it can be sent to: write + and the country code.");
        }
        Optional<String> forbidden = forbidden(number.get(), trunk);
        if (forbidden.isPresent()) {
            return refused(EndReason.NOT_ALLOWED, forbidden.get());
        }
        Optional<TrunkAddress> carrier = trunk == null ? Optional.empty() : trunk.address();
        if (trunk == null || carrier.isEmpty() || (asTel && number.get().international())) {
            return new Target.Named("tel:" + number.get().text());
        }
        // as an INVITE of ours would have it, which its carrier is known to take
        String user = UserPart.escaped(number.get().on(trunk.trunk()));
        return new Target.Named(SIP + user + "@" + carrier.get().uriHost());
    }

    private Target address(String uri, String user, @Nullable LiveTrunk trunk) {
        Optional<String> forbidden = read(user, trunk).flatMap(number -> forbidden(number, trunk));
        return forbidden
                .<Target>map(why -> refused(EndReason.NOT_ALLOWED, why))
                .orElseGet(() -> new Target.Named(SIP + uri.substring(SIP.length())));
    }

    private static Optional<DialledNumber> read(String text, @Nullable LiveTrunk trunk) {
        return trunk == null
                ? DialledNumber.readAbroad(text)
                : DialledNumber.read(text, trunk.trunk());
    }

    private Optional<String> forbidden(DialledNumber number, @Nullable LiveTrunk trunk) {
        return trunk == null ? rules.refusal(number, "") : rules.refusal(number, trunk.trunk());
    }

    private static Target refused(EndReason reason, String text) {
        return new Target.Refused(CallEnd.of(reason, text));
    }
}
