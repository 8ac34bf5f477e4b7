package dev.roomline.sip.message;

/** What {@link SipParser} makes of bytes: one of two kinds of message, or neither. */
public sealed interface ParseOutcome permits ParsedRequest, ParsedResponse, Malformed {}
