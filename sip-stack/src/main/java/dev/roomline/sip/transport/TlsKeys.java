package dev.roomline.sip.transport;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Which of our certificates is shown. To who calls us the one for the name that it calls (RFC 6066
 * §3), and the first to who names none or another; of two for one name, with keys of two kinds, the
 * one that it can check. To whom we call the first that suits what it asks for. An alias is an
 * identity's place in the list. Used by handshakes' threads; immutable.
 */
final class TlsKeys extends X509ExtendedKeyManager {
    private final List<TlsIdentity> identities;
    private final List<List<String>> names;

    /**
     * @param identities one at least
     */
    TlsKeys(List<TlsIdentity> identities) {
        this.identities = List.copyOf(identities);
        this.names = identities.stream().map(one -> PeerNames.of(one.certificate())).toList();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        String wanted = wanted(engine);
        return IntStream.range(0, identities.size())
                .filter(i -> wanted.isEmpty() ? i == 0 : PeerNames.matches(names.get(i), wanted))
                .filter(i -> isOf(keyType, i))
                .mapToObj(Integer::toString)
                .findFirst()
                .orElse(null);
    }

    /**
     * The name that is called if it is one of ours, else that of the first; empty if it has none.
     */
    private String wanted(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (var asked : session.getRequestedServerNames()) {
                if (asked instanceof SNIHostName host
                        && names.stream()
                                .anyMatch(n -> PeerNames.matches(n, host.getAsciiName()))) {
                    return host.getAsciiName();
                }
            }
        }
        return names.getFirst().isEmpty() ? "" : names.getFirst().getFirst();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        for (int i = 0; i < identities.size(); i++) {
            int at = i;
            boolean checkable = Arrays.stream(keyTypes).anyMatch(type -> isOf(type, at));
            if (checkable && (issuers == null || issuers.length == 0 || isBy(issuers, at))) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    /** A type may name the issuer's key behind an underscore, which is nobody's concern now. */
    private boolean isOf(String keyType, int at) {
        String ours = identities.get(at).certificate().getPublicKey().getAlgorithm();
        return keyType.equals(ours) || keyType.startsWith(ours + "_");
    }

    private boolean isBy(Principal[] issuers, int at) {
        List<Principal> known = Arrays.asList(issuers);
        return identities.get(at).chain().stream()
                .anyMatch(each -> known.contains(each.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    private String[] aliases(String keyType) {
        return IntStream.range(0, identities.size())
                .filter(i -> isOf(keyType, i))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
    }

    /** Engines only. */
    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
