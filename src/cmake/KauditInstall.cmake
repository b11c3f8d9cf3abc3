# `cmake --install` puts these in place:
#   bin/kaudit, bin/kaudit-enable → kaudit (the name it is called by decides the verb)
#   share/man/man1/kaudit.1, kaudit-enable.1
#   the completions, where bash, zsh and fish look for them
install(TARGETS kaudit RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES docs/kaudit.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")

file(CREATE_LINK kaudit "${PROJECT_BINARY_DIR}/kaudit-enable" SYMBOLIC) # also for running it where it is built
file(CREATE_LINK kaudit.1 "${PROJECT_BINARY_DIR}/kaudit-enable.1" SYMBOLIC)
install(FILES "${PROJECT_BINARY_DIR}/kaudit-enable" DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES "${PROJECT_BINARY_DIR}/kaudit-enable.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")

set(bash_completions "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/completions")
file(CREATE_LINK kaudit "${PROJECT_BINARY_DIR}/completions/kaudit-enable" SYMBOLIC) # bash looks one up by command
install(FILES docs/completions/kaudit.bash DESTINATION "${bash_completions}" RENAME kaudit)
install(FILES "${PROJECT_BINARY_DIR}/completions/kaudit-enable" DESTINATION "${bash_completions}")
install(FILES docs/completions/_kaudit DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES docs/completions/kaudit.fish docs/completions/kaudit-enable.fish
        docs/completions/kaudit-rollback.fish docs/completions/kaudit-status.fish
        docs/completions/kaudit-verify.fish
        docs/completions/kaudit-disable.fish docs/completions/kaudit-lint.fish docs/completions/kaudit-explain.fish
        DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES src/decode/LICENSE.yaml DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE README.md CHANGELOG.md docs/enable.schema.json docs/lint.schema.json docs/explain.schema.json
        docs/runs.schema.json docs/status.schema.json docs/verify.schema.json docs/lint.md docs/status.md docs/verify.md
        docs/rotation.md docs/webhook.md docs/rollout.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
