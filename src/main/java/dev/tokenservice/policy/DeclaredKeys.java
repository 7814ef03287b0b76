package dev.tokenservice.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The relying parties of a policy file for the {@code keys} commands. Reads only this file, because the commands may not have
 * the files that it names.
 *
 * @param names the names of all relying parties
 * @param uploaded the relying parties with uploaded keys, each with the JWS algorithm of its tokens
 */
public record DeclaredKeys(List<String> names, Map<String, String> uploaded) {

    /**
     * Reads a policy file.
     *
     * @param standardAlgorithm the algorithm of relying parties that name none
     * @throws dev.tokenservice.files.UnusableFileException if this part of the file is invalid
     */
    public static DeclaredKeys read(Path file, String standardAlgorithm) {
        PolicyProblems problems = new PolicyProblems(file);
        TokenSettings settings = TokenSettings.ofAlgorithm(standardAlgorithm);
        List<String> names = new ArrayList<>();
        Map<String, String> uploaded = new LinkedHashMap<>();
        PolicyText.read(file, problems)
                .flatMap(root ->
                        Optional.ofNullable(root.members(PolicyFile.KEYS).get("relyingParties")))
                .ifPresent(parties -> parties.members().forEach((name, place) -> {
                    names.add(name);
                    RelyingPartyReader.algorithmOfUploaded(place, settings)
                            .ifPresent(algorithm -> uploaded.put(name, algorithm));
                }));
        problems.throwIfAny();
        return new DeclaredKeys(names, uploaded);
    }
}
