package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.SessionHeaders;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * RFC 3261 §8.2 in its order: whether a new request may be served at all. What may not is answered
 * without keeping state. Owner: the signalling loop.
 */
final class RequestIntake {
    private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");
    private static final HeaderField LEAST =
            new HeaderField("Min-SE", Long.toString(SessionHeaders.LEAST_SECONDS));

    private final Core core;

    RequestIntake(Core core) {
        this.core = core;
    }

    /** True if it may go on; false if it has been answered. */
    boolean admits(
            ParsedRequest request,
            Flow flow,
            SipInput.Standing standing,
            boolean inDialog,
            long nowNanos) {
        if (isShed(request, flow, standing, nowNanos)) {
            overloaded(request, flow, "overload", nowNanos);
            return false;
        }
        String method = request.method();
        if (!core.settings.served().contains(method)) {
            if (Methods.isKnown(method)) {
                refuse(flow, request, 405, SipEvent.Refusal.METHOD_NOT_ALLOWED, method);
            } else {
                refuse(flow, request, 501, SipEvent.Refusal.UNKNOWN_METHOD, shortened(method));
            }
            return false;
        }
        String scheme = request.requestUri().scheme();
        if (!SCHEMES.contains(scheme)) {
            refuse(flow, request, 416, SipEvent.Refusal.UNSUPPORTED_SCHEME, shortened(scheme));
            return false;
        }
        if (core.serverTransactions.isMerged(request)) {
            refuse(flow, request, 482, SipEvent.Refusal.MERGED, "the same by another path");
            return false;
        }
        List<String> unsupported = unsupported(request);
        if (!unsupported.isEmpty()) {
            String all = String.join(", ", unsupported);
            core.answerStateless(
                    flow, request.head(), 420, null, new HeaderField("Unsupported", all));
            core.refused(flow, method, SipEvent.Refusal.UNSUPPORTED_EXTENSION, shortened(all));
            return false;
        }
        if (mayRefresh(method)
                && request.header("Session-Expires").isPresent()
                && SessionHeaders.of(request).isTooBrief()) {
            // RFC 4028 §9: it comes again with what we say here
            core.answerStateless(flow, request.head(), 422, null, LEAST);
            core.refused(flow, method, SipEvent.Refusal.INTERVAL_TOO_SMALL, "Session-Expires");
            return false;
        }
        if (isFull(method, inDialog)) {
            overloaded(request, flow, "too many transactions", nowNanos);
            return false;
        }
        return true;
    }

    private boolean mayRefresh(String method) {
        return core.settings.sessionExpiresSeconds() > 0
                && (method.equals("INVITE") || method.equals("UPDATE"));
    }

    /** Under overload the share of new calls that is not let in costs a parser's run, no more. */
    private boolean isShed(
            ParsedRequest request, Flow flow, SipInput.Standing standing, long nowNanos) {
        if (request.toTag() != null) {
            return false;
        }
        if (core.admitted.isWhole()) {
            // the answer to its first copy is under way, and was 503
            return request.method().equals("INVITE")
                    && core.lately.was(
                            LatelyAnswered.Answer.SHED,
                            request.branch(),
                            flow.remote().getAddress(),
                            nowNanos);
        }
        return switch (request.method()) {
            case "INVITE", "REGISTER" ->
                    !core.admitted.letsIn(
                            request.callId(),
                            request.branch(),
                            flow.remote().getAddress(),
                            standing,
                            nowNanos);
            case "OPTIONS" -> true;
            default -> false;
        };
    }

    /** A living call may still be hung up when nothing new is taken: it frees what is full. */
    private boolean isFull(String method, boolean inDialog) {
        int limit = core.settings.maxServerTransactions();
        int living = core.serverTransactions.size();
        if (inDialog) {
            return living / 2 >= limit;
        }
        return living >= limit
                || (method.equals("INVITE") && core.dialogs.size() >= core.settings.maxDialogs());
    }

    private void overloaded(ParsedRequest request, Flow flow, String why, long nowNanos) {
        if (request.method().equals("INVITE")) {
            core.lately.answered(
                    request.branch(),
                    flow.remote().getAddress(),
                    LatelyAnswered.Answer.SHED,
                    nowNanos);
        }
        core.answerStateless(flow, request.head(), 503, null, Shedding.retryAfter(core));
        core.refused(flow, request.method(), SipEvent.Refusal.OVERLOADED, why);
    }

    private void refuse(
            Flow flow, ParsedRequest request, int status, SipEvent.Refusal reason, String detail) {
        boolean tellMethods = status == 405 || status == 501;
        HeaderField[] more = tellMethods ? new HeaderField[] {core.allow()} : new HeaderField[0];
        core.answerStateless(flow, request.head(), status, null, more);
        core.refused(flow, request.method(), reason, detail);
    }

    private List<String> unsupported(ParsedRequest request) {
        List<String> missing = new ArrayList<>(0);
        for (String line : request.headers("Require")) {
            for (String tag : line.split(",")) {
                String option = tag.strip();
                if (!option.isEmpty()
                        && !core.settings.supported().contains(option.toLowerCase(Locale.ROOT))) {
                    missing.add(option);
                }
            }
        }
        return missing;
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64);
    }
}
