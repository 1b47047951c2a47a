//! One file per verb: each a public function that reads like its sentence.
