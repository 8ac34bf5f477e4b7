package dev.roomline.bridge.call;

import dev.roomline.bridge.config.TelephoneNumber;
import dev.roomline.sip.message.SipUri;

/** Whom a phone means by a URI, in the words of an order. Stateless. */
final class ReferredTo {
    private ReferredTo() {}

    /**
     * @param ourHost as the phone reaches us: what it calls there are numbers and accounts of ours
     */
    static String text(SipUri uri, String uriText, String ourHost) {
        String user = uri.user();
        if (uri.scheme().equals("tel")) {
            return "tel:" + (user == null ? "" : user);
        }
        if (user == null) {
            // a host alone: not to be taken for a number or for an account of ours
            return "@" + uri.host();
        }
        if (!uri.host().equals(ourHost)) {
            int parameters = uriText.indexOf(';', uriText.indexOf('@') + 1);
            return parameters < 0 ? uriText : uriText.substring(0, parameters);
        }
        return TelephoneNumber.is(user) ? user : "sip:" + user;
    }
}
