package dev.roomline.sip.endpoint;

/**
 * Takes the core's effects in order. It queues: whoever carries an effect out may not call {@link
 * SipEndpoint#handle} before that has returned. {@link EffectQueue} is the usual one.
 */
@FunctionalInterface
public interface Outbox {
    void add(SipEffect effect);
}
