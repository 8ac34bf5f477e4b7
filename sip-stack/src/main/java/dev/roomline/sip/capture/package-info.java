/**
 * Signalling for those who watch: HEP version 3, which Homer reads. Start at {@link
 * dev.roomline.sip.capture.Hep3}. No owner: stateless. Depends on nothing of ours.
 *
 * <p>Specification: HEP/EEP revision 3 (github.com/sipcapture/HEP).
 */
@NullMarked
package dev.roomline.sip.capture;

import org.jspecify.annotations.NullMarked;
