package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A client as VideoSDK's documentation shows it: its token bare in the header. */
final class VideoSdkClient {
    private final ApiServer api;

    VideoSdkClient(ApiServer api) {
        this.api = api;
    }

    /** A token with these claims beside {@code apikey}, {@code iat} and {@code exp}. */
    static String token(Instant at, String secret, Map<String, Object> claims) {
        JWTClaimsSet.Builder set =
                new JWTClaimsSet.Builder()
                        .claim("apikey", "boss")
                        .issueTime(Date.from(at))
                        .expirationTime(Date.from(at.plusSeconds(600)));
        claims.forEach(set::claim);
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), set.build());
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String token(Map<String, Object> claims) {
        return token(ApiServer.NOON, ApiServer.SECRET, claims);
    }

    static String token() {
        return token(Map.of("permissions", List.of("allow_join", "allow_mod"), "version", 2));
    }

    /** With whatever stands in the header; none where it is empty. */
    HttpResponse<String> as(String authorization, String method, String path, String body) {
        return authorization.isEmpty()
                ? api.send(method, path, "", body)
                : api.send(
                        method, path, "", "application/json", body, "Authorization", authorization);
    }

    HttpResponse<String> send(String method, String path, String body) {
        return as(token(), method, path, body);
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    static JsonNode good(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ApiServer.json(answer);
    }

    static void refused(HttpResponse<String> answer, int status, String message) {
        shaped(answer, status);
        assertThat(ApiServer.json(answer).get("message").asString()).isEqualTo(message);
    }

    static void shaped(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = ApiServer.json(answer);
        assertThat(error.propertyNames()).containsExactly("statusCode", "message");
        assertThat(error.get("statusCode").asInt()).isEqualTo(status);
    }
}
