package dev.tokenservice.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is to say of a policy file: one among the files, or one that settings name. */
final class PolicyValidation {

    static final String VARIABLE = "POLICY";

    private static final Path MACHINE = Path.of("/");
    private static final String ABSENT = "not checked, because a file that the policy names is missing here: ";

    /** Judges a policy below a folder, beside the settings that name it. */
    interface Judgement {
        PolicyJudge.Verdict judge(Path root, String file);
    }

    private final Judgement judgement;

    PolicyValidation(Judgement judgement) {
        this.judgement = judgement;
    }

    /** Of a policy that is one of the files. */
    List<Remark> ofFile(String file) {
        PolicyJudge.Verdict verdict = judgement.judge(MACHINE, file);
        return Stream.concat(
                        verdict.wrong().stream().map(place -> new Remark(file, place, true)),
                        verdict.absent().stream().map(place -> new Remark(file, ABSENT + place, false)))
                .toList();
    }

    /** Of a policy that a file of settings names, which may be for this machine or for another one. */
    List<Remark> ofSettings(String file, String policy) {
        return Files.exists(Path.of(policy))
                ? remarks(file, policy, judgement.judge(MACHINE, policy), false)
                : List.of(notJudged(file, policy + " is not on this machine"));
    }

    /** Of a policy that a container names. */
    List<Remark> ofContainer(String file, String policy, MountedFiles mounted) {
        if (!mounted.has(policy)) {
            return List.of(notJudged(file, policy + " " + mounted.missing(policy)));
        }
        try {
            Path root = Files.createTempDirectory("token-service-").toRealPath();
            try {
                mounted.writeBelow(root);
                return remarks(file, policy, judgement.judge(root, policy), mounted.isSecret(policy));
            } finally {
                delete(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Remark> remarks(String file, String policy, PolicyJudge.Verdict verdict, boolean secret) {
        List<Remark> remarks = new ArrayList<>();
        if (secret && !verdict.wrong().isEmpty()) {
            remarks.add(new Remark(
                    file,
                    VARIABLE + ": " + policy
                            + " is invalid; a Secret holds it, so nothing of it is shown: see policy check",
                    true));
        } else {
            verdict.wrong()
                    .forEach(place -> remarks.add(new Remark(file, VARIABLE + ": " + policy + ":" + place, true)));
        }
        verdict.absent()
                .forEach(
                        place -> remarks.add(new Remark(file, VARIABLE + ": " + ABSENT + policy + ":" + place, false)));
        return remarks;
    }

    private static Remark notJudged(String file, String reason) {
        return new Remark(file, VARIABLE + ": not checked: " + reason, false);
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
