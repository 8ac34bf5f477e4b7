package dev.roomline.media.sdp;

import dev.roomline.media.ice.IceCredentials;

/**
 * ICE, as agreed with a SIP peer that offered it; we are the lite side (RFC 8445 §2.5).
 *
 * @param local ours, by which the peer's checks are known
 * @param remoteUfrag the peer's
 * @param remotePassword the peer's; a secret
 * @param reports the peer has candidates for a port of reports too (component 2)
 */
public record IceAgreement(
        IceCredentials local, String remoteUfrag, String remotePassword, boolean reports) {

    /** Not restarted since: the peer's user name and password are the same (RFC 8839 §5.4). */
    public boolean isSessionOf(IceAgreement other) {
        return isOf(other.remoteUfrag, other.remotePassword);
    }

    boolean isOf(String ufrag, String password) {
        return remoteUfrag.equals(ufrag) && remotePassword.equals(password);
    }

    /** Keeps the passwords out of logs. */
    @Override
    public String toString() {
        return "IceAgreement[" + local.ufrag() + ":" + remoteUfrag + "]";
    }
}
