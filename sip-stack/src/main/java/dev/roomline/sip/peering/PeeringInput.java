package dev.roomline.sip.peering;

import dev.roomline.sip.endpoint.ClientEvent;

/** What happens to a {@link Registration} or a {@link Ping}. */
public sealed interface PeeringInput {
    record Start() implements PeeringInput {}

    /** A registration is taken back; a ping just ends. */
    record Stop() implements PeeringInput {}

    /** Any conclusion: what belongs to another machine is left alone. */
    record Concluded(ClientEvent.Concluded event) implements PeeringInput {}

    record DeadlineReached() implements PeeringInput {}
}
