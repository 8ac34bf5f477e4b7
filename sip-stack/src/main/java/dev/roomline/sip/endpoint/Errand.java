package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedResponse;

/** A {@link ClientCommand.Send} under way. Owner: the signalling loop. */
final class Errand implements OutsideRequest.Owner {
    private final Core core;
    private final RequestHandle handle;
    private final OutsideRequest request;

    Errand(Core core, ClientCommand.Send send) {
        this.core = core;
        this.handle = send.request();
        Envelope envelope = send.envelope();
        Attempt.Content content =
                new Attempt.Content(
                        send.method(),
                        envelope.requestUri(),
                        envelope.routes(),
                        envelope.from() + ";tag=" + send.fromTag(),
                        envelope.to(),
                        send.callId(),
                        send.cseq(),
                        envelope.contactUser(),
                        send.headers(),
                        send.body());
        this.request = new OutsideRequest(core, this, content, envelope, send.session(), null);
    }

    void start(long nowNanos) {
        request.start(nowNanos);
    }

    private void conclude(ClientEvent.Outcome outcome) {
        core.raise(new ClientEvent.Concluded(handle, request.cseq(), outcome));
    }

    @Override
    public void provisional(Attempt attempt, ParsedResponse response, long nowNanos) {
        // of no use to anybody
    }

    @Override
    public void concluded(Attempt attempt, ParsedResponse response, long nowNanos) {
        conclude(new ClientEvent.Outcome.Response(response, attempt.target, attempt.contactUri()));
    }

    @Override
    public void notAuthorized(
            ParsedResponse response,
            ClientEvent.ChallengeFailure why,
            String realm,
            long nowNanos) {
        conclude(new ClientEvent.Outcome.NotAuthorized(response, why, realm));
    }

    @Override
    public void unreachable(long nowNanos) {
        conclude(new ClientEvent.Outcome.Unreachable(request.tried));
    }

    @Override
    public void superseded(Attempt attempt, long nowNanos) {
        // it ends by itself
    }

    @Override
    public void straggler(Attempt attempt, ParsedResponse response, long nowNanos) {
        // too late
    }

    @Override
    public void gone(long nowNanos) {
        // nothing is kept of it
    }
}
