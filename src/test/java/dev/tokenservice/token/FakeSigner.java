package dev.tokenservice.token;

import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.TokenSigner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps what it should sign. */
final class FakeSigner implements TokenSigner {

    private final List<Map<String, Object>> signed = new ArrayList<>();
    private String padding = "";

    @Override
    public String sign(Map<String, ?> claims, String algorithm, Deadline deadline) {
        signed.add(new LinkedHashMap<>(claims));
        return "signed-" + signed.size() + padding;
    }

    /** Makes what it signs longer. */
    void padding(int length) {
        padding = ".".repeat(length);
    }

    List<Map<String, Object>> signed() {
        return signed;
    }

    @Override
    public String algorithm() {
        return "RS256";
    }

    @Override
    public Optional<String> jwksUri() {
        return Optional.empty();
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return List.of();
    }
}
