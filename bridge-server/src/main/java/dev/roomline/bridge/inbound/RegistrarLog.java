package dev.roomline.bridge.inbound;

import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.registrar.Binding;
import dev.roomline.sip.registrar.RegistrarOutbox.Unbound;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line when a phone comes and one when it goes; refreshes are seen at DEBUG. */
final class RegistrarLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.registrar");

    private RegistrarLog() {}

    static void bound(Binding binding, boolean fresh, long seconds) {
        Flow flow = binding.flow();
        if (fresh) {
            LOG.info(
                    "event=phone_registered account={} source={} transport={} expires_s={}"
                            + " user_agent=\"{}\"",
                    oneLine(binding.account()),
                    source(flow),
                    flow.transport(),
                    seconds,
                    oneLine(binding.userAgent()));
        } else {
            LOG.debug(
                    "event=phone_refreshed account={} source={} expires_s={}",
                    oneLine(binding.account()),
                    source(flow),
                    seconds);
        }
    }

    static void unbound(Binding binding, Unbound why) {
        LOG.info(
                "event=phone_unregistered account={} source={} transport={} reason={}",
                oneLine(binding.account()),
                source(binding.flow()),
                binding.flow().transport(),
                why.name().toLowerCase(Locale.ROOT));
    }

    /** Of somebody known; strangers' noise is counted and listed among the refusals. */
    static void refused(String account, Flow flow, String why) {
        LOG.info(
                "event=register_refused account={} source={} text=\"{}\"",
                oneLine(account),
                source(flow),
                oneLine(why));
    }

    /** As people write an address and port. */
    static String source(Flow flow) {
        return Addresses.hostPort(flow.remote());
    }

    /** What a peer sent must not begin a line of its own. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(120)
                .map(c -> Character.isISOControl(c) || c == '"' ? '?' : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
