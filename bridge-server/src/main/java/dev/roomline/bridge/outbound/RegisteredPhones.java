package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.MediaPolicy;
import dev.roomline.bridge.call.Way;
import dev.roomline.bridge.call.Way.Redirects;
import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.inbound.AccountBook;
import dev.roomline.bridge.trunk.UserPart;
import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.registrar.Binding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The phones of an account, each by the road on which it registered, one after another. Owner: the
 * signalling loop.
 */
public final class RegisteredPhones implements Phones {
    private static final String NAMELESS = "roomline";

    private final Function<String, List<Binding>> phones;
    private final AccountBook accounts;

    /**
     * @param phones of an account, the preferred first
     */
    public RegisteredPhones(Function<String, List<Binding>> phones, AccountBook accounts) {
        this.phones = phones;
        this.accounts = accounts;
    }

    @Override
    public CompletionStage<Boolean> known(String account) {
        return accounts.byUsername(account).thenApply(Optional::isPresent);
    }

    @Override
    public List<Way> waysTo(
            String account, CallOrder order, List<String> codecs, Encryption encryption) {
        return phones.apply(account).stream()
                .map(phone -> way(phone, order, codecs, encryption))
                .toList();
    }

    private static Way way(
            Binding phone, CallOrder order, List<String> codecs, Encryption encryption) {
        Flow flow = phone.flow();
        String here = Addresses.host(flow.local().getAddress());
        String from = order.from().isEmpty() ? NAMELESS : order.from();
        String account = UserPart.escaped(phone.account());
        Envelope envelope =
                new Envelope(
                                phone.contactUri(),
                                List.of(),
                                List.of(),
                                "<sip:" + UserPart.escaped(from) + "@" + here + ">",
                                "<sip:" + account + "@" + here + ">",
                                UserPart.isPlain(from) ? from : null)
                        .over(flow);
        SipUri hop =
                new SipUri(
                        "sip",
                        null,
                        Addresses.text(flow.remote().getAddress()),
                        flow.remote().getPort(),
                        Map.of());
        return new Way(
                "account " + phone.account(),
                null,
                phone.account(),
                envelope,
                hop,
                order.headers().entrySet().stream()
                        .map(header -> new HeaderField(header.getKey(), header.getValue()))
                        .toList(),
                null,
                order.from(),
                List.of(),
                codecs,
                MediaPolicy.of(encryption, flow.transport()),
                Turnstile.OPEN,
                Redirects.NONE);
    }
}
