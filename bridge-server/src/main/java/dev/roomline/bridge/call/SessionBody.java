package dev.roomline.bridge.call;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session description in a request: its body, or the {@code application/sdp} part where a
 * carrier sends several parts (RFC 5621 §3).
 */
sealed interface SessionBody {
    String SDP = "application/sdp";
    Set<String> SDP_RANGES = Set.of(SDP, "application/*", "*/*");

    /** The request has no body. */
    record None() implements SessionBody {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Description(byte[] sdp) implements SessionBody {}

    /** 415 (RFC 3261 §8.2.3). */
    record Unserved(String type) implements SessionBody {}

    Pattern BOUNDARY = Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))");
    Pattern FIRST_BOUNDARY = Pattern.compile("(?m)^--([^\\s]{1,70})[ \\t]*\r?$");
    Pattern SDP_TYPE = Pattern.compile("(?im)^content-type:\\s*application/sdp\\s*(?:;.*)?$");

    static SessionBody of(SipRequest request) {
        Body body = request.body();
        if (body == null) {
            return new None();
        }
        boolean encoded =
                request.header("Content-Encoding")
                        .filter(encoding -> !encoding.equalsIgnoreCase("identity"))
                        .isPresent();
        if (encoded) {
            return new Unserved("an encoded body");
        }
        if (body.contentType().equals(SDP)) {
            return new Description(body.bytes());
        }
        byte[] part =
                body.contentType().startsWith("multipart/")
                        ? part(request.header("Content-Type").orElse(""), body)
                        : null;
        return part == null ? new Unserved(body.contentType()) : new Description(part);
    }

    /**
     * Whether a description may be sent in an answer: without Accept it may, and an Accept that
     * names nothing takes nothing (RFC 3261 §20.1).
     */
    static boolean acceptsSdp(SipRequest request) {
        List<String> lines = request.headers("Accept");
        return lines.isEmpty()
                || lines.stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .map(range -> range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                        .anyMatch(SDP_RANGES::contains);
    }

    /** Of a message whose header is not at hand: its parts show their boundary themselves. */
    static SessionBody of(@Nullable Body body) {
        if (body == null) {
            return new None();
        }
        if (body.contentType().equals(SDP)) {
            return new Description(body.bytes());
        }
        if (!body.contentType().startsWith("multipart/")) {
            return new Unserved(body.contentType());
        }
        String text = new String(body.bytes(), StandardCharsets.ISO_8859_1);
        Matcher first = FIRST_BOUNDARY.matcher(text);
        byte[] part = first.find() ? part("--" + first.group(1), text) : null;
        return part == null ? new Unserved(body.contentType()) : new Description(part);
    }

    private static byte @Nullable [] part(String contentType, Body body) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return null;
        }
        String mark = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        // one octet is one character: parts are cut without being understood
        return part(mark, new String(body.bytes(), StandardCharsets.ISO_8859_1));
    }

    private static byte @Nullable [] part(String mark, String text) {
        for (String part : text.split(Pattern.quote(mark), -1)) {
            int end = part.indexOf("\r\n\r\n");
            if (end >= 0 && SDP_TYPE.matcher(part.substring(0, end)).find()) {
                String sdp = part.substring(end + 4);
                return sdp.getBytes(StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }
}
