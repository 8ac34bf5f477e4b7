package dev.roomline.sip.endpoint;

/** Names one dialog, early or confirmed, inside this process; never reused. */
public record DialogId(long value) {}
