/**
 * By which certificate pages, the API and SIP over secure WebSockets are served: the configured
 * one, or one that the server makes for itself. Start at {@link
 * dev.roomline.bridge.certificate.HttpCertificate}. Owner: who starts the server; files are looked
 * at by a thread of their own. SIP over TLS has its own in {@code dev.roomline.sip.transport},
 * whose reading of files it shares. May depend on {@code bridge.config} and that alone.
 */
@NullMarked
package dev.roomline.bridge.certificate;

import org.jspecify.annotations.NullMarked;
