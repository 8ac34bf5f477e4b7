package dev.roomline.sip.transaction;

/** One of the four tables. */
public enum Machine {
    INVITE_SERVER(State.PROCEEDING),
    NON_INVITE_SERVER(State.TRYING),
    INVITE_CLIENT(State.CALLING),
    NON_INVITE_CLIENT(State.TRYING);

    private final State first;

    Machine(State first) {
        this.first = first;
    }

    /** Where it begins. */
    public State first() {
        return first;
    }

    /** The step; a state that stays with no action where the event does not matter. */
    public Step step(State state, Event event) {
        return switch (this) {
            case INVITE_SERVER -> InviteServerMachine.step(state, event);
            case NON_INVITE_SERVER -> NonInviteServerMachine.step(state, event);
            case INVITE_CLIENT -> InviteClientMachine.step(state, event);
            case NON_INVITE_CLIENT -> NonInviteClientMachine.step(state, event);
        };
    }
}
